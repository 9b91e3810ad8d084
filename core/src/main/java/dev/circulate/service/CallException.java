package dev.circulate.service;

import java.io.Serial;

/**
 * Thrown where a call waits for its answer and gets an error instead; {@link #error()} says which.
 *
 * {@snippet :
 * // at the caller
 * try {
 *   return Request.to(shop, "price").with("item", "tea").as(int.class);
 * } catch (CallException e) {
 *   if (e.error() instanceof CallError.Refused refused) {
 *     return ask(refused.message());
 *   }
 *   throw e;
 * }
 * // in a command, which answers with that error
 * throw new CallException(new CallError.Refused("we have no " + item));
 * }
 *
 * <p>Where the service's code threw in this address space, {@link #getCause()} is what it threw.
 */
public final class CallException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient CallError error;

  /**
   * Carries an error.
   *
   * @param error why there is no answer
   */
  public CallException(CallError error) {
    super(
        error.code().id() + ": " + error.message(),
        error instanceof CallError.Failed failed ? failed.cause() : null);
    this.error = error;
  }

  /** Why there is no answer. */
  public CallError error() {
    return error;
  }
}
