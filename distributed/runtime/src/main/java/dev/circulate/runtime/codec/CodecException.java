package dev.circulate.runtime.codec;

import dev.circulate.internal.Glimpse;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

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

  /**
   * What came is of another kind.
   *
   * @param expected what should have come, in words
   * @param value what came, of which a few words are shown
   */
  public static CodecException misfit(String expected, @Nullable Object value) {
    return new CodecException(expected + ", not " + Glimpse.of(value));
  }
}
