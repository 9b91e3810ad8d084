package dev.circulate.internal;

import org.jspecify.annotations.Nullable;

/**
 * What a put and a take do that could not happen at once: try for a moment, then stand in the
 * channel's waiting room until somebody completes them, the time is over or the thread is
 * interrupted.
 */
final class BlockingOperations {
  private BlockingOperations() {}

  /**
   * Puts, waiting until the moment.
   *
   * @return true if the channel has the value
   */
  static <T> boolean put(LocalChannel<T> channel, T value, long moment)
      throws InterruptedException {
    channel.refresh();
    Ring<T> buffer = channel.ring;
    if (buffer != null && putSoon(channel, buffer, value)) {
      return true;
    }
    int spins = channel.patience();
    ThreadWaiter waiter = new ThreadWaiter.Putting(channel, value);
    if (!channel.waitAlone(waiter)) {
      if (channel.putFast(value)) {
        return true; // a taker came meanwhile, and waits alone
      }
      channel.acquire();
      Object refused = channel.putOrRelease(value);
      if (refused != Signal.FULL) {
        channel.releaseAndWake();
        return channel.reported(refused) == null;
      }
      channel.enqueueAndSettle(waiter);
      channel.releaseAndWake();
    }
    return switch (waiter.await(moment, spins)) {
      case DONE -> waiter.outcome() == Signal.PUT;
      case TIMED_OUT -> {
        channel.withdraw(waiter);
        yield false;
      }
      case INTERRUPTED -> {
        channel.withdraw(waiter);
        throw new InterruptedException("interrupted while putting to " + channel);
      }
    };
  }

  /**
   * Takes, waiting until the moment.
   *
   * @return a value, {@link Signal#CLOSED}, or null if the moment came first
   */
  static <T> @Nullable Object take(LocalChannel<T> channel, long moment)
      throws InterruptedException {
    channel.refresh();
    Ring<T> buffer = channel.ring;
    T value = buffer == null ? null : takeSoon(channel, buffer);
    if (value != null) {
      return value;
    }
    if (channel.store != null) {
      // always asks the lock: better before there is a waiter, which most do not need
      Object stored = channel.tryTakeLocking();
      if (stored != null) {
        return stored;
      }
    }
    int spins = channel.patience();
    ThreadWaiter waiter = new ThreadWaiter.Taking(channel);
    if (!channel.waitAlone(waiter)) {
      value = channel.takeFast();
      if (value != null) {
        return value; // of a putter who came meanwhile, and waits alone
      }
      channel.acquire();
      Object taken = channel.takeLocked();
      if (taken != null) {
        channel.releaseAndWake();
        return taken;
      }
      channel.enqueueAndSettle(waiter);
      channel.releaseAndWake();
    }
    channel.demandChanged();
    return switch (waiter.await(moment, spins)) {
      case DONE -> waiter.outcome();
      case TIMED_OUT -> {
        channel.abandon(waiter);
        yield null;
      }
      case INTERRUPTED -> {
        channel.abandon(waiter);
        throw new InterruptedException("interrupted while taking from " + channel);
      }
    };
  }

  /**
   * Tries for a moment to put to a full buffer, before it waits: often the other side then makes
   * room, without having to hand over to a waiter and to wake it.
   */
  private static <T> boolean putSoon(LocalChannel<T> channel, Ring<T> buffer, T value) {
    int spins = channel.patience();
    if (spins == Patience.YIELD) {
      letOthersRun();
      return channel.putFast(value);
    }
    if (buffer.awaitRoom(spins) && channel.putFast(value)) {
      Patience.paid();
      return true;
    }
    Patience.inVain(spins);
    return false;
  }

  /** The counterpart of {@link #putSoon}: tries for a moment to take from an empty buffer. */
  private static <T> @Nullable T takeSoon(LocalChannel<T> channel, Ring<T> buffer) {
    int spins = channel.patience();
    if (spins == Patience.YIELD) {
      letOthersRun();
      return channel.takeFast();
    }
    T value = buffer.awaitValues(spins) ? channel.takeFast() : null;
    if (value != null) {
      Patience.paid();
    } else {
      Patience.inVain(spins);
    }
    return value;
  }

  @SuppressWarnings("ThreadPriorityCheck") // one yield, to let the other side run first
  private static void letOthersRun() {
    Thread.yield();
  }
}
