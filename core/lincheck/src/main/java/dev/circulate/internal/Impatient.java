package dev.circulate.internal;

/**
 * A clock for each thread, which goes on when that thread would park: so whoever waits gives up.
 */
final class Impatient extends Time {
  private final ThreadLocal<Long> now = ThreadLocal.withInitial(() -> 0L);

  @Override
  public long nanoTime() {
    return now.get();
  }

  @Override
  public void parkUntil(Wait wait, long moment) {
    now.set(moment);
  }

  @Override
  public Timer schedule(long moment, Runnable task) {
    throw new AssertionError("no timer here");
  }
}
