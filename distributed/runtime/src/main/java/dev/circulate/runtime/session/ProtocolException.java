package dev.circulate.runtime.session;

import java.io.Serial;

/** A peer said what it must not; its session ends with this sentence. */
public final class ProtocolException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** Says what was wrong, and what was expected. */
  public ProtocolException(String sentence) {
    super(sentence);
  }
}
