package dev.circulate.runtime.session;

import java.nio.charset.StandardCharsets;

/** Words for people, as a peer is told them: cut to what a frame has room for. */
public final class Sentence {
  /** No peer of this library says more, and none keeps more of what is said to it. */
  public static final int LONGEST = 4096;

  private Sentence() {}

  /**
   * A text, or its beginning and an ellipsis. What has no UTF-8 becomes a question mark: a peer
   * would not be told at all.
   *
   * @param most how many characters it may have
   */
  public static String of(String text, int most) {
    String cut = text.length() <= most ? text : text.substring(0, most - 1) + "…";
    return new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
