package dev.circulate.service;

import dev.circulate.internal.Context;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts interceptors in front of what answers. */
final class Interception {
  private Interception() {}

  /** The interceptors in order, then the last. */
  static Interceptor.Next chain(List<Interceptor> interceptors, Interceptor.Next last) {
    Interceptor.Next next = last;
    for (Interceptor interceptor : interceptors.reversed()) {
      Interceptor.Next after = next;
      next = request -> interceptor.intercept(request, after);
    }
    return next;
  }

  /**
   * A responder behind interceptors. Who they found the caller to be is who calls for the command.
   */
  static Receiver.Responder around(List<Interceptor> interceptors, Receiver.Responder responder) {
    if (interceptors.isEmpty()) {
      return responder;
    }
    return new Receiver.Responder() {
      @Override
      public @Nullable Object respond(Request request) throws Exception {
        return chain(
                interceptors, each -> Interception.respond(responder, each.answeredAs(request)))
            .proceed(request);
      }

      @Override
      public @Nullable CommandTimeout timeout(Request request) {
        return responder.timeout(request);
      }
    };
  }

  /**
   * The same around one that may pass a request on to somebody else, who answers it: the
   * interceptors see that answer too, as it comes back here first.
   */
  static Receiver.Responder aroundAnswers(
      List<Interceptor> interceptors, Receiver.Responder responder) {
    return interceptors.isEmpty()
        ? responder
        : around(interceptors, request -> answer(responder, request));
  }

  private static @Nullable Object answer(Receiver.Responder responder, Request request)
      throws Exception {
    if (request.replyTo() == null) {
      responder.respond(request);
      return null;
    }
    String command = String.valueOf(request.command());
    Duration left = request.deadline().remaining();
    try (Answer<Object> answer = new Answer<>(command, Conversion.ANYTHING, left)) {
      Object given = responder.respond(answer.expectedFor(request));
      return Receiver.PASSED_ON.equals(given) ? answer.raw() : given;
    }
  }

  private static @Nullable Object respond(Receiver.Responder responder, Request request)
      throws Exception {
    Context context = Context.current();
    return context.caller().equals(request.origin())
        ? responder.respond(request)
        : context.calledBy(request.origin()).call(() -> responder.respond(request));
  }
}
