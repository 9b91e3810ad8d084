package dev.circulate.benchmarks;

/**
 * How long to measure. Rows of two threads run in one of two or three modes that a fork rarely
 * leaves, so that one fork proves nothing: {@link #MEDIUM} and {@link #FULL} take three.
 */
enum Profile {
  /** As little as shows that everything runs. Not for figures. */
  SMOKE(1, 0, 1, 100, 2_000),
  /** About half an hour. */
  SHORT(1, 2, 3, 700, 20_000),
  /** About an hour. */
  MEDIUM(3, 2, 3, 500, 20_000),
  /** Some hours. */
  FULL(3, 4, 5, 1_000, 1_000_000);

  private final int forks;
  private final int warmups;
  private final int iterations;
  private final int iterationMillis;
  private final int parked;

  Profile(int forks, int warmups, int iterations, int iterationMillis, int parked) {
    this.forks = forks;
    this.warmups = warmups;
    this.iterations = iterations;
    this.iterationMillis = iterationMillis;
    this.parked = parked;
  }

  int forks() {
    return forks;
  }

  int warmups() {
    return warmups;
  }

  int iterations() {
    return iterations;
  }

  int iterationMillis() {
    return iterationMillis;
  }

  /** Whether it measures how this library's costs grow. */
  boolean scales(Library library) {
    return this == FULL || library == Library.CIRCULATE;
  }

  /** How many parked takers the memory rows count. */
  int parked() {
    return parked;
  }
}
