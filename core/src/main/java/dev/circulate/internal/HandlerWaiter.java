package dev.circulate.internal;

import org.jspecify.annotations.Nullable;

/**
 * A handler that waits, so that a value can move without a thread parked for it. It counts as
 * parked from the beginning: whoever completes it runs it.
 */
abstract sealed class HandlerWaiter<T> extends Waiter implements Pending {
  final LocalChannel<T> target;

  private HandlerWaiter(LocalChannel<T> target, Direction direction, @Nullable Object item) {
    super(target, direction, item);
    this.target = target;
    announcePark();
  }

  static final class Taking<T> extends HandlerWaiter<T> {
    private final TakeHandler<? super T> handler;

    Taking(LocalChannel<T> target, TakeHandler<? super T> handler) {
      super(target, Direction.TAKE, null);
      this.handler = handler;
    }

    @Override
    void wake() {
      target.hand(outcome(), handler);
    }

    @Override
    public boolean withdraw() {
      if (!giveUp()) {
        return false;
      }
      target.abandon(this);
      return true;
    }
  }

  static final class Putting<T> extends HandlerWaiter<T> {
    private final PutHandler handler;

    Putting(LocalChannel<T> target, T value, PutHandler handler) {
      super(target, Direction.PUT, value);
      this.handler = handler;
    }

    @Override
    void wake() {
      if (outcome() == Signal.PUT) {
        handler.accepted();
      } else {
        handler.refused();
      }
    }

    @Override
    public boolean withdraw() {
      if (!giveUp()) {
        return false;
      }
      target.withdraw(this);
      return true;
    }
  }

  static final class Ending<T> extends HandlerWaiter<T> {
    private final Runnable task;

    Ending(LocalChannel<T> target, Runnable task) {
      super(target, Direction.END, null);
      this.task = task;
    }

    @Override
    void wake() {
      task.run();
    }

    @Override
    public boolean withdraw() {
      if (!giveUp()) {
        return false;
      }
      target.withdraw(this);
      return true;
    }
  }
}
