package dev.circulate.runtime.codec;

import dev.circulate.runtime.session.Sentence;

/**
 * How large a frame, and what is in it, may be. It is held against these before anything is made of
 * it: what a frame claims to hold costs nothing until it is there.
 *
 * @param length the longest frame: characters of a text, bytes of a binary one
 * @param depth how deep a value may be nested, at most {@link #DEEPEST}
 * @param string the longest text or byte array in it, as written
 * @param collection the largest list, set or map; one with keys that are no texts counts twice
 */
public record FrameLimits(int length, int depth, int string, int collection) {
  /** The deepest that a depth can be: the stack of whoever reads must do for it. */
  public static final int DEEPEST = 400;

  /** What a frame has beside one body, at most. */
  static final int ENVELOPE = 512;

  /** A character that has to be escaped is six of JSON. */
  static final int MOST_FOR_A_CHARACTER = 6;

  /** Safe for an internet-facing server. */
  public static final FrameLimits DEFAULTS = new FrameLimits(1 << 20, 100, 1 << 20, 100_000);

  /** Checks that every limit can be kept. */
  public FrameLimits {
    if (length < 1024 || depth < 1 || depth > DEEPEST || string < 256 || collection < 64) {
      throw new IllegalArgumentException(
          "a frame has at least 1024 characters, a depth of 1 to "
              + DEEPEST
              + ", strings of at least 256 and collections of at least 64: "
              + ("length=" + length + " depth=" + depth)
              + (" string=" + string + " collection=" + collection));
    }
  }

  /**
   * Holds a length against the limit.
   *
   * @throws CodecException if it is beyond
   */
  public void requireLength(int came) {
    if (came > length) {
      throw beyond("a frame", came, length);
    }
  }

  /**
   * How many characters each of the two texts may have that tell people why: however they have to
   * be written, they fit into a frame.
   */
  public int sentence() {
    int room = (length - ENVELOPE) / 2;
    return Math.min(Sentence.LONGEST, Math.min(string, room) / MOST_FOR_A_CHARACTER);
  }

  /** How deep a frame's text may be: a tag is a level, and the value stands inside a message. */
  int written() {
    return depth * 2 + 8;
  }

  static CodecException beyond(String what, long came, long limit) {
    return new CodecException(what + " of " + came + "; the limit is " + limit);
  }
}
