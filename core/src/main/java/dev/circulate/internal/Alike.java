package dev.circulate.internal;

import java.lang.reflect.ParameterizedType;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a hash table is about to compare with one another, of values that a peer chose.
 *
 * <p>A hash table orders keys of equal hash codes by {@code compareTo} if it can, and compares each
 * with all others if not: lists, maps, records, and where types are mixed. A peer that chooses keys
 * with one hash code makes a message of a mebibyte cost minutes. So keys of the first key's type,
 * if the table can order it, are free, and of all others no more than {@link #MOST} should have the
 * same hash code. Data that nobody has made for this purpose comes nowhere near that: pairs of
 * numbers collide by the dozen.
 *
 * <p>Decimals have an order, but to tell it may take as long as to write a number of ten thousand
 * digits, though only one of the two is so long. So they count as those without one, and one that
 * is long counts as many, which leaves room for no other of its hash code. For one thread.
 */
public final class Alike {
  /** How many keys of one hash code are compared with one another. */
  public static final int MOST = 256;

  /** To compare decimals of so many bits takes no time to speak of. */
  private static final int BITS_OF_SHORT = 1_024;

  /** Whether a hash table can order keys of a class: it looks at what the class itself says. */
  private static final ClassValue<Boolean> IS_ORDERED =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return Arrays.stream(type.getGenericInterfaces())
              .anyMatch(
                  said ->
                      said instanceof ParameterizedType comparable
                          && comparable.getRawType() == Comparable.class
                          && comparable.getActualTypeArguments()[0] == type);
        }
      };

  private @Nullable Class<?> ordered;
  private @Nullable Map<Integer, Integer> others;

  /**
   * Takes note of a key that is about to be added.
   *
   * @return how many there are that it may have to be compared with, it itself among them; 0 if it
   *     is found among others by their order
   */
  public int note(@Nullable Object key) {
    if (key == null || isOrdered(key)) {
      return 0;
    }
    if (others == null) {
      others = new HashMap<>();
    }
    return others.merge(key.hashCode(), isLong(key) ? MOST : 1, Integer::sum);
  }

  private static boolean isLong(Object key) {
    return key instanceof BigDecimal decimal && decimal.unscaledValue().bitLength() > BITS_OF_SHORT;
  }

  private boolean isOrdered(Object key) {
    // no two integers have one hash code, so they are in nobody's way
    Class<?> type = key instanceof Integer ? Long.class : key.getClass();
    if (type == BigDecimal.class || !IS_ORDERED.get(type)) {
      return false;
    }
    if (ordered == null) {
      ordered = type;
    }
    return type == ordered;
  }
}
