package dev.circulate.internal;

import dev.circulate.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a channel does when one thread at a time uses it: the law to which every interleaving of
 * {@link ChannelOperations} must come down.
 *
 * <p>An operation that has to wait is two operations here, since two things happen to it: it joins
 * the queue, and later it ends ({@code outcome}) or gives up ({@code withdraw}).
 */
public class ChannelSpecification {
  /** An operation that had to wait. */
  private static final class Waiting {
    final int thread;
    final int value;
    String outcome = "waits";

    Waiting(int thread, int value) {
      this.thread = thread;
      this.value = value;
    }

    @Override
    public String toString() {
      return thread + " " + value + " " + outcome;
    }
  }

  private final Buffer kind;
  private final Deque<Integer> returned = new ArrayDeque<>();
  private final Deque<Integer> buffer = new ArrayDeque<>();
  private final Deque<Waiting> takers = new ArrayDeque<>();
  private final Deque<Waiting> putters = new ArrayDeque<>();
  private final @Nullable Waiting[] waiting = new Waiting[ChannelOperations.MOST_THREADS];
  private boolean closed;
  private boolean watched;

  ChannelSpecification(Buffer kind) {
    this.kind = kind;
  }

  public String put(int value, int thread) {
    if (waiting[thread] != null) {
      return "busy";
    }
    if (closed) {
      return "refused";
    }
    if (offer(value)) {
      return "accepted";
    }
    return join(putters, thread, value);
  }

  public String take(int thread) {
    if (waiting[thread] != null) {
      return "busy";
    }
    Integer value = poll();
    if (value != null) {
      return "took " + value;
    }
    return closed ? "ended" : join(takers, thread, 0);
  }

  public boolean offer(int value) {
    if (closed) {
      return false;
    }
    if (kind instanceof Buffer.Promise) {
      keep(value);
      return true;
    }
    Waiting taker = takers.poll();
    if (taker != null) {
      taker.outcome = "took " + value;
      return true;
    }
    return switch (kind) {
      case Buffer.Dropping(int capacity) -> {
        if (buffer.size() < capacity) {
          buffer.add(value);
        }
        yield true;
      }
      case Buffer.Sliding(int capacity) -> {
        if (buffer.size() == capacity) {
          buffer.remove();
        }
        yield buffer.add(value);
      }
      case Buffer.Fixed(int capacity) -> buffer.size() < capacity && buffer.add(value);
      default -> false;
    };
  }

  private void keep(int value) {
    if (buffer.isEmpty()) {
      buffer.add(value);
      end(takers, "took " + value);
    }
  }

  public @Nullable Integer poll() {
    if (!returned.isEmpty()) {
      return returned.poll();
    }
    if (kind instanceof Buffer.Promise) {
      return buffer.peek();
    }
    Integer value = buffer.poll();
    Waiting putter = value == null || !closed ? putters.poll() : null;
    if (putter == null) {
      return value;
    }
    putter.outcome = "accepted";
    if (value == null) {
      return putter.value;
    }
    buffer.add(putter.value);
    return value;
  }

  /** Whoever waits to take has it; otherwise it is next. */
  public boolean giveBack(int value) {
    if (closed && isEmpty()) {
      return false;
    }
    Waiting taker = takers.poll();
    if (taker != null) {
      taker.outcome = "took " + value;
    } else {
      returned.addFirst(value);
    }
    return true;
  }

  public void close() {
    closed = true;
    if (isEmpty()) {
      end(takers, "ended");
    }
  }

  private boolean isEmpty() {
    return returned.isEmpty() && buffer.isEmpty() && putters.isEmpty();
  }

  /** Answers what was given back and what was buffered. */
  public String cancel() {
    closed = true;
    List<Integer> left = new ArrayList<>(returned);
    left.addAll(buffer);
    returned.clear();
    buffer.clear();
    end(putters, "refused");
    end(takers, "ended");
    return left.toString();
  }

  public boolean isClosed() {
    return closed;
  }

  public void watch() {
    watched = true;
  }

  /** What was closed and emptied stays so. */
  public boolean isTold() {
    return watched && closed && isEmpty();
  }

  /** Gives the watch up, unless the end was told. */
  public boolean unwatch() {
    boolean withdrawn = watched && !isTold();
    watched &= !withdrawn;
    return withdrawn;
  }

  /** How the thread's waiting operation stands; forgets it when it has ended. */
  public String outcome(int thread) {
    Waiting operation = waiting[thread];
    if (operation == null) {
      return "none";
    }
    if (!operation.outcome.equals("waits")) {
      waiting[thread] = null;
    }
    return operation.outcome;
  }

  /** Gives the thread's waiting operation up, or answers how it ended first. */
  public String withdraw(int thread) {
    String outcome = outcome(thread);
    if (!outcome.equals("waits")) {
      return outcome;
    }
    takers.remove(waiting[thread]);
    putters.remove(waiting[thread]);
    waiting[thread] = null;
    return "withdrawn";
  }

  private String join(Deque<Waiting> queue, int thread, int value) {
    Waiting operation = new Waiting(thread, value);
    queue.add(operation);
    waiting[thread] = operation;
    return "waits";
  }

  private static void end(Deque<Waiting> queue, String outcome) {
    queue.forEach(operation -> operation.outcome = outcome);
    queue.clear();
  }

  private List<Object> state() {
    List<Object> state =
        new ArrayList<>(List.of(closed, watched, List.copyOf(returned), List.copyOf(buffer)));
    state.add(takers.toString());
    state.add(putters.toString());
    for (Waiting operation : waiting) {
      state.add(String.valueOf(operation));
    }
    return state;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ChannelSpecification that && state().equals(that.state());
  }

  @Override
  public int hashCode() {
    return state().hashCode();
  }
}
