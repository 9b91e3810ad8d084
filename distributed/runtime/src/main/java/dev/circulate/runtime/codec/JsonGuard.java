package dev.circulate.runtime.codec;

/**
 * Holds the text of a frame against the limits in one pass, before a parser sees it. What is not
 * JSON is the parser's to refuse; here nothing is built, and each open bracket costs an int.
 */
final class JsonGuard {
  private static final String MAP = "\"^ \"";

  private final String text;
  private final FrameLimits limits;
  private final int[] elements;
  private final boolean[] maps;
  private int depth;
  private int at;

  private JsonGuard(String text, FrameLimits limits) {
    this.text = text;
    this.limits = limits;
    this.elements = new int[limits.written() + 1];
    this.maps = new boolean[limits.written() + 1];
  }

  /**
   * Checks a frame.
   *
   * @throws CodecException if it is beyond a limit; the message names the limit
   */
  static void check(String text, FrameLimits limits) {
    limits.requireLength(text.length());
    new JsonGuard(text, limits).scan();
  }

  private void scan() {
    for (at = 0; at < text.length(); at++) {
      switch (text.charAt(at)) {
        case '"' -> string();
        case '[', '{' -> open();
        case ']', '}' -> depth = Math.max(0, depth - 1);
        case ',' -> element();
        default -> {}
      }
    }
  }

  private void open() {
    if (++depth > limits.written()) {
      throw FrameLimits.beyond("a value nested to a depth", depth, limits.depth());
    }
    elements[depth] = 1;
    maps[depth] = text.startsWith(MAP, at + 1);
  }

  private void element() {
    elements[depth]++;
    int size = maps[depth] ? (elements[depth] - 1) / 2 : elements[depth];
    if (size > limits.collection()) {
      throw FrameLimits.beyond("a collection", size, limits.collection());
    }
  }

  private void string() {
    int start = at + 1;
    for (at = start; at < text.length() && text.charAt(at) != '"'; at++) {
      if (text.charAt(at) == '\\') {
        at++;
      }
    }
    if (at - start > limits.string()) {
      throw FrameLimits.beyond("a string", at - start, limits.string());
    }
  }
}
