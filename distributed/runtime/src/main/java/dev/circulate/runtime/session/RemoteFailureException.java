package dev.circulate.runtime.session;

import java.io.Serial;

/**
 * What a channel was closed with in another address space: the type and the message of the
 * exception there, as data.
 */
public final class RemoteFailureException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient Message.Cause origin;

  RemoteFailureException(Message.Cause origin) {
    super(origin.type() + (origin.message() == null ? "" : ": " + origin.message()));
    this.origin = origin;
  }

  /** What was thrown there. */
  public Message.Cause origin() {
    return origin;
  }
}
