package dev.circulate.internal;

import org.jspecify.annotations.Nullable;

/**
 * How many values a channel with a gatherer may hold, and who comes in.
 *
 * <p>There are as many <em>places</em> as the channel's capacity. A place is free; or held by the
 * one intake, a take that waits at the inlet; or taken by a value that was accepted and is not
 * transformed, or by a result that waits at the outlet. A gatherer that emits many values for one
 * drives the free places below zero.
 *
 * <p><b>Always true.</b> While a place is free there is an intake, or a thread on its way to {@link
 * #admit()}. There is at most one intake at a time, and its value is entered before the next is
 * made: so values enter in the inlet's order.
 *
 * <p>An offer may be refused when it has seen, under the lock, that no place is free and none is
 * held by an intake. A place is given back before its value can be seen to have left: so while a
 * result is handed over at the same moment, the channel may accept one value more than its
 * capacity, and it never refuses one for which there is room.
 *
 * @param <T> the type of the values
 */
final class Places<T> {
  /** Where what came through the inlet goes, one after the other, with no lock held. */
  interface Entrance {
    /** A value was accepted. */
    void entered(Object value);

    /** The inlet is closed and drained; called once, after all values. */
    void ended();

    /** No thread of ours may be at hand to do what was just entered. */
    void unattended();
  }

  /** The take that waits at the inlet, on behalf of one place. */
  private final class Intake implements TakeHandler<Object> {
    /** What withdraws it; null until it is known to wait. Guarded by lock. */
    private @Nullable Pending take;

    @Override
    public void taken(Object value) {
      entrance.entered(value);
      next(false);
    }

    @Override
    public void ended(@Nullable Throwable cause) {
      entrance.ended();
      next(true);
    }

    private void next(boolean ended) {
      boolean nested;
      synchronized (lock) {
        intake = null;
        if (ended) {
          inletEnded = true;
          free++;
        }
        nested = admitting == Thread.currentThread();
      }
      if (!nested) {
        admit();
        entrance.unattended();
      }
    }
  }

  /** A result that waits at the outlet, or was handed over at once. */
  private final class Result implements PutHandler {
    private final T value;

    /** Whether it has a place, and whether it has left; guarded by lock. */
    private boolean placed;

    private boolean gone;

    Result(T value) {
      this.value = value;
    }

    void emit() {
      outlet.putAsync(value, this);
      boolean overfull;
      synchronized (lock) {
        if (!gone) {
          placed = true;
          free--;
        }
        overfull = free < 0;
      }
      if (overfull) {
        withdrawIntake();
      }
      admit();
    }

    @Override
    public void accepted() {
      if (leave()) {
        admit();
        entrance.unattended();
      }
    }

    @Override
    public void refused() {
      leave();
      outlet.undelivered(value);
    }

    private boolean leave() {
      synchronized (lock) {
        gone = true;
        if (placed) {
          free++;
        }
        return placed;
      }
    }
  }

  private final LocalChannel<Object> inlet;
  private final LocalChannel<T> outlet;
  private final Entrance entrance;
  private final int capacity;

  /** Held for a few instructions; nothing is called meanwhile. */
  private final Object lock = new Object();

  /** Places that are neither taken nor held by the intake; guarded by lock. */
  private int free;

  /** Guarded by lock. */
  private @Nullable Intake intake;

  /** Whether an intake has met the end of the inlet; guarded by lock. */
  private boolean inletEnded;

  /** Who is making an intake, which may be done before it is made; guarded by lock. */
  private @Nullable Thread admitting;

  /** As many places as {@code capacity}, all free; nobody comes in before {@link #admit()}. */
  Places(int capacity, LocalChannel<Object> inlet, LocalChannel<T> outlet, Entrance entrance) {
    this.capacity = capacity;
    this.free = capacity;
    this.inlet = inlet;
    this.outlet = outlet;
    this.entrance = entrance;
  }

  /** Makes an intake if a place is free, or if the inlet has nothing more to give than its end. */
  void admit() {
    for (; ; ) {
      boolean nothingButTheEnd = inlet.isDrained();
      Intake made;
      synchronized (lock) {
        if (intake != null || inletEnded || admitting != null) {
          return;
        }
        if (free <= 0 && !nothingButTheEnd) {
          return;
        }
        free--;
        made = new Intake();
        intake = made;
        admitting = Thread.currentThread();
      }
      Pending take = inlet.takeAsync(made);
      boolean overfull;
      synchronized (lock) {
        admitting = null;
        if (intake == made) {
          made.take = take;
        }
        overfull = free < 0; // a result came meanwhile, and could not withdraw it
      }
      if (overfull) {
        withdrawIntake();
      }
    }
  }

  /** Gives the intake's place to a result, when the gatherer emitted more than it was given. */
  private void withdrawIntake() {
    Intake waiting;
    Pending take;
    synchronized (lock) {
      waiting = intake;
      take = waiting == null ? null : waiting.take;
    }
    if (take != null && take.withdraw()) {
      synchronized (lock) {
        intake = null;
        free++;
      }
    }
  }

  /** Frees the place of a value that was transformed. */
  void giveBack() {
    synchronized (lock) {
      free++;
    }
  }

  /** Lets a result wait at the outlet, in a place of its own, even if there is none. */
  void emit(T value) {
    new Result(value).emit();
  }

  /** Whether there is no place for a value that comes now. */
  boolean isFull() {
    synchronized (lock) {
      return free <= 0 && intake == null;
    }
  }

  /** How many places are taken. */
  int taken() {
    synchronized (lock) {
      return capacity - free - (intake == null ? 0 : 1);
    }
  }
}
