package dev.circulate.runtime.codec;

import java.util.Arrays;

/**
 * Holds the text of a frame against the limits in one pass, before a parser sees it. What is not
 * JSON is the parser's to refuse; here nothing is built, and each open bracket costs an int.
 */
final class JsonGuard {
  private static final String MAP = "\"^ \"";

  /** There is room for so many levels at first: most frames have fewer. */
  private static final int USUAL_DEPTH = 16;

  /** How long a letter is that is written by its number. */
  private static final int ESCAPE = 6;

  private final String text;
  private final FrameLimits limits;
  private int[] elements = new int[USUAL_DEPTH];
  private boolean[] maps = new boolean[USUAL_DEPTH];
  private int depth;
  private int at;

  private JsonGuard(String text, FrameLimits limits) {
    this.text = text;
    this.limits = limits;
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
    if (depth == elements.length) {
      elements = Arrays.copyOf(elements, 2 * depth);
      maps = Arrays.copyOf(maps, 2 * depth);
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
      char letter = text.charAt(at);
      if (letter == '\\') {
        escape();
      } else if (Character.isSurrogate(letter)) {
        pair(letter);
      }
    }
    if (at - start > limits.string()) {
      throw FrameLimits.beyond("a string", at - start, limits.string());
    }
  }

  /** Goes to the end of a surrogate pair; a link of strings can bring half of one. */
  private void pair(char letter) {
    at++;
    if (!Character.isHighSurrogate(letter)
        || at == text.length()
        || !Character.isLowSurrogate(text.charAt(at))) {
      throw half();
    }
  }

  /** Goes to the end of an escape. */
  private void escape() {
    char letter = escaped(at);
    if (Character.isHighSurrogate(letter) && Character.isLowSurrogate(escaped(at + ESCAPE))) {
      at += 2 * ESCAPE - 1;
    } else if (Character.isSurrogate(letter)) {
      throw half();
    } else {
      at++;
    }
  }

  private static CodecException half() {
    return new CodecException("a text with half a surrogate pair");
  }

  /** The letter that is written by its number at a place; another one if none is. */
  private char escaped(int from) {
    if (!text.startsWith("\\u", from) || from + ESCAPE > text.length()) {
      return ' ';
    }
    int letter = 0;
    for (int i = from + 2; i < from + ESCAPE; i++) {
      letter = letter * 16 + Math.max(0, Character.digit(text.charAt(i), 16));
    }
    return (char) letter;
  }
}
