package dev.circulate.runtime.codec;

/**
 * A keyword or a symbol as transit reads it; a program sees its text. One object however often the
 * name stands in a frame, so that many mentions of a long name cost no more than one.
 *
 * @param kind {@code ":"} or {@code "$"}
 * @param text the name, with its namespace if it has one
 */
record Name(String kind, String text) {
  static final String KEYWORD = ":";
  static final String SYMBOL = "$";

  static Name keyword(String text) {
    return new Name(KEYWORD, text);
  }

  static Name symbol(String text) {
    return new Name(SYMBOL, text);
  }

  @Override
  public String toString() {
    return kind.equals(KEYWORD) ? ":" + text : text;
  }
}
