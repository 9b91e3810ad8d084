package dev.circulate.runtime.testkit;

import java.security.SecureRandom;

/**
 * What all decisions of a {@link SeededNetwork} follow from: a test draws one anew for each run,
 * and says which it was when it fails.
 *
 * {@snippet :
 * Seed.drawn().run(seed -> {
 *   Transport network = SeededNetwork.over(new MemoryTransport(), Faults.ROUGH, seed);
 *   // the test
 * });
 * }
 *
 * @param value any number
 */
public record Seed(long value) {
  /** The system property that says which seed is drawn: {@value}. */
  public static final String PROPERTY = "circulate.network.seed";

  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * The seed that the system property {@value #PROPERTY} names; without it, one by chance.
   *
   * @throws IllegalArgumentException if the property is no whole number
   */
  public static Seed drawn() {
    String named = System.getProperty(PROPERTY);
    try {
      return new Seed(named == null ? RANDOM.nextLong(1_000_000_000) : Long.decode(named));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "-D" + PROPERTY + "=" + named + ": a seed is a whole number", e);
    }
  }

  /**
   * Runs a test; if it fails, the failure has this seed beside it.
   *
   * @param test what to do
   * @throws Exception what the test throws
   */
  public void run(Test test) throws Exception {
    try {
      test.run(this);
    } catch (Throwable e) {
      noteIn(e);
      throw e;
    }
  }

  /**
   * Notes this seed in a failure, as a suppressed exception that tells how to replay it.
   *
   * @param failure what is about to be thrown
   */
  public void noteIn(Throwable failure) {
    AssertionError note = new AssertionError("this was with " + this);
    note.setStackTrace(new StackTraceElement[0]);
    failure.addSuppressed(note);
  }

  /** A test that needs a seed. */
  @FunctionalInterface
  public interface Test {
    /**
     * Runs it.
     *
     * @param seed the seed
     * @throws Exception if the test fails
     */
    void run(Seed seed) throws Exception;
  }

  /** How to draw it again. */
  @Override
  public String toString() {
    return "-D" + PROPERTY + "=" + value;
  }
}
