package dev.circulate.runtime.codec;

import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Watches over the keys of one collection that a peer sends, so that few are compared with one
 * another; {@link Effort} counts what a comparison takes.
 *
 * <p>A hash table orders keys of equal hash codes by {@code compareTo} if it can, and compares each
 * with all others if not: for lists and maps as keys, and where types are mixed. A peer that
 * chooses keys with one hash code makes a frame of a mebibyte cost minutes. So keys of the first
 * key's type, if the table can order it, are free, and of all others no more than {@link #MOST} may
 * have the same hash code. Data that nobody has made for this purpose comes nowhere near that:
 * pairs of numbers collide by the dozen. For one thread.
 */
final class Collisions {
  /** How many keys of one hash code are compared with one another. */
  static final int MOST = 256;

  private @Nullable Class<?> ordered;
  private @Nullable Map<Integer, Integer> others;

  /**
   * Takes note of a key that is about to be added.
   *
   * @return how many it may have to be compared with
   * @throws CodecException if it is one too many
   */
  int note(@Nullable Object key) {
    if (key == null || isOrdered(key)) {
      return 0;
    }
    if (others == null) {
      others = new HashMap<>();
    }
    int alike = others.merge(key.hashCode(), 1, Integer::sum);
    if (alike > MOST) {
      throw new CodecException(
          "more than " + MOST + " keys of one collection have the same hash code");
    }
    return alike - 1;
  }

  private boolean isOrdered(Object key) {
    Class<?> type =
        switch (key) {
          case Integer _ -> Long.class; // no two of them have one hash code
          case String _, Number _, Name _, UUID _, Date _, Instant _ -> key.getClass();
          default -> null;
        };
    if (ordered == null) {
      ordered = type;
    }
    return type != null && type == ordered;
  }
}
