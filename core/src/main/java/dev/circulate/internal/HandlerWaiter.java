package dev.circulate.internal;

import org.jspecify.annotations.Nullable;

/**
 * A handler that waits, so that a value can move without a thread parked for it. It counts as
 * parked from the beginning: whoever completes it runs it. A handler can come to a program's code;
 * what that throws is not for whoever completes it, which may have others to wake.
 */
abstract sealed class HandlerWaiter<T> extends Waiter implements Pending {
  final LocalChannel<T> target;

  private HandlerWaiter(LocalChannel<T> target, Direction direction, @Nullable Object item) {
    super(target, direction, item);
    this.target = target;
    announcePark();
  }

  @Override
  public final boolean withdraw() {
    if (!giveUp()) {
      return false;
    }
    target.abandon(this);
    return true;
  }

  @Override
  final void wake() {
    try {
      handle();
    } catch (Throwable e) {
      Uncaught.report("a handler that waited at " + target, e);
    }
  }

  /** Tells the handler of the outcome. */
  abstract void handle();

  /** A take with a handler. */
  static final class Taking<T> extends HandlerWaiter<T> {
    private final TakeHandler<? super T> handler;

    private Taking(LocalChannel<T> target, TakeHandler<? super T> handler) {
      super(target, Direction.TAKE, null);
      this.handler = handler;
    }

    /** Takes, or waits to. */
    static <T> Pending begin(LocalChannel<T> channel, TakeHandler<? super T> handler) {
      T value = channel.takeFast();
      if (value != null) {
        handler.taken(value);
        return DONE;
      }
      channel.refresh();
      Taking<T> waiter = new Taking<>(channel, handler);
      if (!channel.waitAlone(waiter)) {
        channel.acquire();
        Object taken = channel.takeLocked();
        if (taken != null) {
          channel.releaseAndWake();
          waiter.hand(taken);
          return DONE;
        }
        channel.enqueueAndSettle(waiter);
        channel.releaseAndWake();
      }
      channel.demandChanged();
      return waiter;
    }

    @Override
    void handle() {
      hand(outcome());
    }

    private void hand(Object taken) {
      if (taken == Signal.CLOSED) {
        handler.ended(target.closeCause());
      } else {
        @SuppressWarnings("unchecked")
        T value = (T) taken;
        handler.taken(value);
      }
    }
  }

  /** A put with a handler. */
  static final class Putting<T> extends HandlerWaiter<T> {
    private final PutHandler handler;

    private Putting(LocalChannel<T> target, T value, PutHandler handler) {
      super(target, Direction.PUT, value);
      this.handler = handler;
    }

    /** Puts, or waits to. */
    static <T> Pending begin(LocalChannel<T> channel, T value, PutHandler handler) {
      if (channel.putFast(value)) {
        handler.accepted();
        return DONE;
      }
      Putting<T> waiter = new Putting<>(channel, value, handler);
      if (channel.waitAlone(waiter)) {
        return waiter;
      }
      channel.acquire();
      Object refused = channel.putOrRelease(value);
      if (refused == Signal.FULL) {
        channel.enqueueAndSettle(waiter);
        channel.releaseAndWake();
        return waiter;
      }
      channel.releaseAndWake();
      waiter.tell(channel.reported(refused) == null);
      return DONE;
    }

    @Override
    void handle() {
      tell(outcome() == Signal.PUT);
    }

    private void tell(boolean accepted) {
      if (accepted) {
        handler.accepted();
      } else {
        handler.refused();
      }
    }
  }

  /** A wait for the end of a channel. */
  static final class Ending<T> extends HandlerWaiter<T> {
    private final Runnable task;

    private Ending(LocalChannel<T> target, Runnable task) {
      super(target, Direction.END, null);
      this.task = task;
    }

    /** Waits until the channel is closed and drained; runs the task at once if it is. */
    static <T> Pending begin(LocalChannel<T> channel, Runnable task) {
      channel.refresh();
      Ending<T> watch = new Ending<>(channel, task);
      channel.acquire();
      channel.enqueue(watch);
      channel.releaseAndWake();
      channel.demandChanged();
      return watch;
    }

    @Override
    void handle() {
      task.run();
    }
  }
}
