package dev.circulate.internal;

/**
 * What stands behind a channel that is filled on demand: a timeout that closes it, a proxy that
 * fetches from the owner. Called with no lock held; must not block.
 */
public interface Feed {
  /** Called before an operation reports that nothing is there: the last chance to fill or close. */
  void refresh();

  /**
   * Called after the number of those who wait to take, or for the end, may have changed by their
   * own doing (one began to wait, or gave up). Calls may come late and out of order: read {@link
   * Kernel#isAwaited()} for what holds now.
   */
  void demandChanged();
}
