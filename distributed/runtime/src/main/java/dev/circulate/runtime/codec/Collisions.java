package dev.circulate.runtime.codec;

import dev.circulate.internal.Alike;
import org.jspecify.annotations.Nullable;

/**
 * Watches over the keys of one collection that a peer sends, so that few are compared with one
 * another; {@link Effort} counts what a comparison takes. For one thread.
 */
final class Collisions {
  /** How many keys of one hash code are compared with one another. */
  static final int MOST = Alike.MOST;

  private final Alike alike = new Alike();

  /**
   * Takes note of a key that is about to be added.
   *
   * @return how many others it may have to be compared with
   * @throws CodecException if it is one too many
   */
  int note(@Nullable Object key) {
    int among = alike.note(key);
    if (among > MOST) {
      throw new CodecException(
          "more than " + MOST + " keys of one collection have the same hash code");
    }
    return Math.max(0, among - 1);
  }
}
