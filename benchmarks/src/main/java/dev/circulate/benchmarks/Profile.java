package dev.circulate.benchmarks;

/**
 * How long to measure. Rows of two threads run in one of two or three modes that a fork rarely
 * leaves, so that one fork proves nothing: {@link #MEDIUM} and {@link #FULL} take three. Compiling
 * is over after three to four seconds on two processors; what is measured earlier is the compiler.
 */
enum Profile {
  /** As little as shows that everything runs. Not for figures. */
  SMOKE(1, 0, 1, 100, 2_000),
  /** About three quarters of an hour. */
  SHORT(1, 5, 3, 700, 20_000),
  /** About an hour and a half. */
  MEDIUM(3, 8, 3, 500, 100_000),
  /** Some hours. */
  FULL(3, 5, 5, 1_000, 1_000_000);

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
