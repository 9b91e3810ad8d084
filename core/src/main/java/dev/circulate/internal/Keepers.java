package dev.circulate.internal;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Those that keep something until somebody elsewhere lets go of it, such as the table of channels
 * that a peer holds: for tests, which ask whether anything is left over. They are known weakly.
 */
public final class Keepers {
  /** One of them, told apart from others by being itself. */
  @FunctionalInterface
  public interface Keeper {
    /** What it keeps now, in words; null if that is nothing. */
    @Nullable String kept();
  }

  private static final Set<Keeper> ALL =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private Keepers() {}

  /** Makes a keeper known for as long as somebody else refers to it. */
  public static void enter(Keeper keeper) {
    ALL.add(keeper);
  }

  /** All that are known now, held weakly. */
  public static Set<Keeper> known() {
    Set<Keeper> known = Collections.newSetFromMap(new WeakHashMap<>());
    known.addAll(all());
    return known;
  }

  /** What is kept, but for what the given ones keep. */
  public static List<String> keptBesides(Set<Keeper> others) {
    return all().stream()
        .filter(keeper -> !others.contains(keeper))
        .map(Keeper::kept)
        .filter(Objects::nonNull)
        .toList();
  }

  private static List<Keeper> all() {
    synchronized (ALL) {
      return List.copyOf(ALL);
    }
  }
}
