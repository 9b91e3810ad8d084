package dev.circulate.runtime.codec;

/**
 * What a reference to a channel permits its holder; the owner checks each message against it.
 *
 * <p>Written as the letters of what is permitted: {@code p}, {@code t} and {@code c}.
 *
 * @param put to put
 * @param take to take
 * @param close to close and to cancel
 */
public record Rights(boolean put, boolean take, boolean close) {
  /** A whole channel's. */
  public static final Rights ALL = new Rights(true, true, true);

  /** Those of a put-only face: a service's, a root's. */
  public static final Rights PUT = new Rights(true, false, false);

  /** Those of a take-only face. */
  public static final Rights TAKE = new Rights(false, true, false);

  /**
   * Reads the letters.
   *
   * @throws CodecException if there are others
   */
  public static Rights parse(String letters) {
    if (letters.isEmpty() || !letters.chars().allMatch(letter -> "ptc".indexOf(letter) >= 0)) {
      throw new CodecException(
          "the rights of a channel are letters of 'ptc', not '" + letters + "'");
    }
    return new Rights(letters.contains("p"), letters.contains("t"), letters.contains("c"));
  }

  @Override
  public String toString() {
    return (put ? "p" : "") + (take ? "t" : "") + (close ? "c" : "");
  }
}
