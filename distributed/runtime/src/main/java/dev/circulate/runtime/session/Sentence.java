package dev.circulate.runtime.session;

import dev.circulate.internal.Words;

/** Words for people, as a peer is told them: cut to what a frame has room for. */
public final class Sentence {
  /** No peer of this library says more, and none keeps more of what is said to it. */
  public static final int LONGEST = 4096;

  private Sentence() {}

  /**
   * A text of whole characters, or its beginning and an ellipsis.
   *
   * @param most how many characters it may have
   */
  public static String of(String text, int most) {
    return Words.whole(text.length() <= most ? text : text.substring(0, most - 1) + "…");
  }
}
