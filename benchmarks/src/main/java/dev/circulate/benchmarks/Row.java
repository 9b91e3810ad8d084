package dev.circulate.benchmarks;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A measured scenario.
 *
 * @param scenario its name
 * @param unit what the figures count
 * @param forks in how many JVMs each library was measured
 * @param measured what each library that took part came to
 * @param failed who took part and came to nothing
 */
record Row(
    String scenario, String unit, int forks, Map<Library, Spread> measured, Set<Library> failed) {
  /** Below a unit nothing is told apart; a heap that did not grow may come out as -1 byte. */
  static final double NOISE = 1;

  /** The least, the middle and the greatest of repeated measurements. */
  record Spread(double min, double median, double max) {
    static Spread of(List<Double> samples) {
      List<Double> sorted = samples.stream().sorted().toList();
      int middle = sorted.size() / 2;
      double median =
          sorted.size() % 2 == 1
              ? sorted.get(middle)
              : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
      return new Spread(sorted.getFirst(), median, sorted.getLast());
    }
  }

  Optional<Double> ours() {
    return Optional.ofNullable(measured.get(Library.CIRCULATE)).map(Spread::median);
  }

  /** The fastest, or smallest, of the others. */
  Optional<Library> bestPeer() {
    return measured.keySet().stream()
        .filter(library -> library != Library.CIRCULATE)
        .min(Comparator.comparingDouble(library -> median(library)));
  }

  double median(Library library) {
    Spread spread = measured.get(library);
    if (spread == null) {
      throw new IllegalArgumentException(library.title() + " has no figure for " + scenario);
    }
    return spread.median();
  }

  /** The best peer's median ÷ ours: above 1 where we win. None if either is only noise. */
  Optional<Double> ratio() {
    return bestPeer()
        .map(this::median)
        .filter(peer -> peer >= NOISE)
        .flatMap(peer -> ours().filter(figure -> figure >= NOISE).map(figure -> peer / figure));
  }

  /** Whether a library was measured, or was to be. */
  boolean hasPart(Library library) {
    return measured.containsKey(library) || failed.contains(library);
  }

  /** By how much we lose: the less, the worse; least where we failed. */
  double standing() {
    return failed.contains(Library.CIRCULATE) ? -1 : ratio().orElse(Double.MAX_VALUE);
  }
}
