package dev.circulate.runtime;

import dev.circulate.runtime.session.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait to be said, in their order. Any thread {@linkplain #add adds}; everything
 * else is for one thread at a time.
 */
final class Outbox {
  /**
   * A message, and what to do if it is lost.
   *
   * @param length how long it becomes: an estimate, not too low
   */
  record Saying(Message message, int length, Runnable lost) {}

  private final int longest;
  private final MessagePassingQueue<Saying> added = new MpscUnboundedVarHandleArrayQueue<>(128);

  /** What comes before the added: its length was asked for, or it did not fit into a frame. */
  private final Deque<Saying> first = new ArrayDeque<>();

  /** How long all that comes first becomes. */
  private long firstLength;

  /**
   * With nothing in it.
   *
   * @param longest how long all that is taken at a time may become
   */
  Outbox(int longest) {
    this.longest = longest;
  }

  /** For any thread. */
  void add(Saying saying) {
    added.offer(saying);
  }

  boolean isEmpty() {
    return first.isEmpty() && added.isEmpty();
  }

  /** How many there are; an estimate while others add some. */
  int size() {
    return first.size() + added.size();
  }

  /** Takes what is next, so many at most, and no more than fits, unless the first does not. */
  List<Saying> take(int most) {
    List<Saying> taken = new ArrayList<>();
    long length = 0;
    for (Saying next = peek(); next != null && taken.size() < most; next = peek()) {
      length += next.length();
      if (length > longest && !taken.isEmpty()) {
        break;
      }
      taken.add(poll());
    }
    return taken;
  }

  List<Saying> takeAll() {
    bringForward();
    List<Saying> taken = new ArrayList<>(first);
    first.clear();
    firstLength = 0;
    return taken;
  }

  private @Nullable Saying peek() {
    Saying next = first.peek();
    return next == null ? added.peek() : next;
  }

  private Saying poll() {
    if (first.isEmpty()) {
      return added.poll();
    }
    Saying next = first.remove();
    firstLength -= next.length();
    return next;
  }

  /** Puts back what was taken. */
  void putBack(List<Saying> taken) {
    taken.reversed().forEach(first::addFirst);
    firstLength += taken.stream().mapToLong(Saying::length).sum();
  }

  /** How long all of it becomes: an estimate. */
  long length() {
    bringForward();
    return firstLength;
  }

  /**
   * Asks for one after the other: that waits for one which somebody is about to add. A drain would
   * leave it, and those behind it, to a look that may never come.
   */
  private void bringForward() {
    for (Saying saying = added.poll(); saying != null; saying = added.poll()) {
      first.addLast(saying);
      firstLength += saying.length();
    }
  }
}
