package dev.circulate.runtime.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts what it takes to make one value's sets and maps, so that it stays in proportion to the
 * value.
 *
 * <p>A key that is itself a collection is hashed as a whole in every set and map around it, and
 * compared as a whole with each other key of its hash code; to compare two sets is to hash what is
 * in them again. So a frame of a mebibyte can take hours though no collection in it has many keys
 * alike. The unit is a look at one part of the value, and each part that came allows for {@link
 * Collisions#MOST} of them, or as many as values may be nested deep: any value whose keys have
 * different hash codes takes less. For one thread.
 */
final class Effort {
  private static final int WORD = 32;

  private final int mostForEach;

  /** How many looks it takes to hash what came until now, once. */
  private long size;

  /** How many looks it takes to compare what came until now with its like. */
  private long comparison;

  private long spent;

  Effort(int maxDepth) {
    this.mostForEach = Math.max(Collisions.MOST, maxDepth);
  }

  /** Takes note of a part of the value, before those that are in it. */
  void came(@Nullable Object part) {
    long looks = looksAt(part);
    size += looks;
    comparison += looks;
  }

  private static long looksAt(@Nullable Object part) {
    return switch (part) {
      case String text -> 1 + text.length() / WORD;
      case BigInteger number -> 1 + number.bitLength() / WORD;
      case BigDecimal number -> 1 + number.unscaledValue().bitLength() / WORD;
      case null, default -> 1;
    };
  }

  /** Watches over the keys of one collection. */
  Keys keys() {
    return new Keys();
  }

  /** The keys of one collection, which come one by one. */
  final class Keys {
    private final Collisions collisions = new Collisions();
    private long sizeBefore;
    private long comparisonBefore;

    /** The next key is about to come, with all that is in it. */
    void next() {
      sizeBefore = size;
      comparisonBefore = comparison;
    }

    /**
     * Takes note of the key, which is about to be added.
     *
     * @throws CodecException if that takes too much
     */
    void came(@Nullable Object key) {
      long alike = collisions.note(key);
      long hashing = size - sizeBefore;
      long comparing = alike * (comparison - comparisonBefore);
      spent += hashing + comparing;
      if (spent > mostForEach * size) {
        throw new CodecException(
            "to tell the keys in a value apart takes more than "
                + mostForEach
                + " looks at each of its parts");
      }
      // the key is looked up among those alike, and each of them is compared with it
      comparison += hashing + 2 * comparing;
    }
  }
}
