package dev.circulate.runtime.codec;

/**
 * A keyword or a symbol as transit reads it; a program sees its text. One object however often the
 * name stands in a frame, so that many mentions of a long name cost no more than one.
 *
 * @param kind {@code ":"} or {@code "$"}
 * @param text the name, with its namespace if it has one
 */
public record Name(String kind, String text) {
  static final String KEYWORD = ":";
  static final String SYMBOL = "$";

  /** A keyword. */
  public static Name keyword(String text) {
    return new Name(KEYWORD, text);
  }

  /** A symbol. */
  public static Name symbol(String text) {
    return new Name(SYMBOL, text);
  }

  @Override
  public String toString() {
    return kind.equals(KEYWORD) ? ":" + text : text;
  }
}
