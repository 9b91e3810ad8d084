package dev.circulate.runtime;

import dev.circulate.runtime.codec.FrameLimits;
import dev.circulate.runtime.codec.Measure;
import dev.circulate.runtime.session.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;

/**
 * The messages that wait to be said, in their order. Any thread {@linkplain #add adds}; everything
 * else is for one thread at a time.
 */
final class Outbox {
  /** A message, and what to do if it is lost. */
  record Saying(Message message, Runnable lost) {}

  /** One that is not at the end of the queue any more, and how long it becomes. */
  private record Measured(Saying saying, long length) {}

  /** What a message has beside its body. */
  private static final int ENVELOPE = 64;

  private final FrameLimits limits;
  private final MessagePassingQueue<Saying> added = new MpscUnboundedVarHandleArrayQueue<>(128);

  /** What comes before the added: it was measured, or did not fit into a frame. */
  private final Deque<Measured> first = new ArrayDeque<>();

  /** How long all that comes first becomes. */
  private long firstLength;

  Outbox(FrameLimits limits) {
    this.limits = limits;
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

  /** Takes what is next, so many at most. */
  List<Saying> take(int most) {
    List<Saying> taken = new ArrayList<>();
    while (taken.size() < most && !first.isEmpty()) {
      Measured next = first.remove();
      firstLength -= next.length();
      taken.add(next.saying());
    }
    added.drain(taken::add, most - taken.size());
    return taken;
  }

  List<Saying> takeAll() {
    return take(Integer.MAX_VALUE);
  }

  /** Puts back what was taken. */
  void putBack(List<Saying> taken) {
    taken.reversed().forEach(saying -> first.addFirst(measured(saying)));
  }

  /** How long all of it becomes: an estimate. */
  long length() {
    added.drain(saying -> first.addLast(measured(saying)));
    return firstLength;
  }

  private Measured measured(Saying saying) {
    long length =
        ENVELOPE
            + switch (saying.message()) {
              case Message.Forward forward -> Measure.lengthOf(forward.body(), limits);
              case Message.Value(_, Object body) -> Measure.lengthOf(body, limits);
              case Message.Home(_, Object body) -> Measure.lengthOf(body, limits);
              default -> 0;
            };
    firstLength += length;
    return new Measured(saying, length);
  }
}
