package dev.circulate.runtime.codec;

/**
 * A keyword or a symbol as transit reads it; a program sees its text. One object however often the
 * name stands in a frame, so that many mentions of a long name cost no more than one.
 *
 * @param kind {@code ":"} or {@code "$"}
 * @param text the name, with its namespace if it has one
 */
public record Name(String kind, String text) implements Comparable<Name> {
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

  /** By kind and then by text: a hash table of names that collide stays quick. */
  @Override
  public int compareTo(Name other) {
    int kinds = kind.compareTo(other.kind);
    return kinds != 0 ? kinds : text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return kind.equals(KEYWORD) ? ":" + text : text;
  }
}
