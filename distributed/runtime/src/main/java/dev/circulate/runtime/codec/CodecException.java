package dev.circulate.runtime.codec;

import java.io.Serial;

/** A value that cannot be sent, or a text that cannot be read; the message says which and where. */
public final class CodecException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** Says what is wrong. */
  public CodecException(String message) {
    super(message);
  }

  /** Says what is wrong, and what noticed it. */
  public CodecException(String message, Throwable cause) {
    super(message, cause);
  }
}
