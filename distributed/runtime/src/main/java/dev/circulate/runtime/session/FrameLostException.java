package dev.circulate.runtime.session;

import java.io.Serial;

/** The link lost a batch, which the peer repeats when the session is resumed on another link. */
public final class FrameLostException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  FrameLostException(long missing) {
    super("batch " + missing + " did not arrive");
  }
}
