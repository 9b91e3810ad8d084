package dev.circulate.service;

import org.jspecify.annotations.Nullable;

/**
 * Goes around every call of a service, or of a caller: to log it, to measure it, to check or to
 * send who the caller is.
 *
 * {@snippet :
 * Interceptor logging =
 *     (request, next) -> {
 *       long began = System.nanoTime();
 *       try {
 *         return next.proceed(request);
 *       } finally {
 *         log("{} took {} ns", request.command(), System.nanoTime() - began);
 *       }
 *     };
 * WritePort<Request> service = Service.builder(new Calculator()).intercept(logging).open();
 * }
 *
 * <p>Interceptors run in the order in which they were given: the first sees the request first, and
 * the answer last. Each may go on with another request ({@link Request#withMeta}, {@link
 * Request#identifiedAs}), answer by itself, throw, or look at what comes back.
 *
 * <p><b>At a service</b> they go around the library's own commands as well ({@code _commands},
 * {@code _ping}), and around requests that no command fits. They run in the request's go block, as
 * the command does, and are interrupted with it. <b>At a root</b> ({@link RootBuilder}) they go
 * around its own requests and those of its services. <b>At a caller</b> they run in the thread that
 * calls ({@link ClientBuilder}), or in a go block for each request ({@link Service#through}).
 *
 * <p><b>Failure.</b> What an interceptor throws is the call's error: a {@link CallException} as the
 * error that it carries, anything else as {@link CallError.Failed}. {@link CallError#of} tells
 * which error an exception is.
 */
@FunctionalInterface
public interface Interceptor {
  /**
   * Handles a request.
   *
   * @param request what is asked
   * @param next what comes after: the next interceptor, at last the command or the service
   * @return the answer, which may be null
   * @throws Exception what is answered as the error
   */
  @Nullable Object intercept(Request request, Next next) throws Exception;

  /** The rest of a call. */
  @FunctionalInterface
  interface Next {
    /**
     * Goes on; may be called again, to try once more.
     *
     * @param request what is asked, as those that come after are to see it
     * @return the answer
     * @throws Exception what went wrong
     */
    @Nullable Object proceed(Request request) throws Exception;
  }
}
