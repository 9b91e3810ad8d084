package dev.circulate.runtime;

import dev.circulate.internal.GoBlock;
import dev.circulate.internal.Time;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * What is to be said to the peer, and the go block that says it.
 *
 * <p>Whoever has something to say puts it into a queue that many fill and one drains. The go block
 * takes what is there, up to {@link #MOST_IN_A_BATCH}, and sends it as one frame: frames grow when
 * there is much to say and a single message waits for nobody. When it can do nothing (the queue is
 * empty, the peer has not confirmed enough, there is no line) it parks, and says so first, so that
 * whoever changes that finds somebody to wake.
 */
final class Writer {
  private static final int MOST_IN_A_BATCH = 64;

  /** How long a line is kept for the last words. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Engine engine;
  private final FrameCodec frames;
  private final Duration beat;

  /** Guarded by itself. */
  private final Session session;

  private final MessagePassingQueue<Message> outbox = new MpscUnboundedVarHandleArrayQueue<>(128);
  private volatile @Nullable Thread thread;
  private volatile boolean idle;

  Writer(Engine engine, Session session, FrameCodec frames, Duration beat) {
    this.engine = engine;
    this.session = session;
    this.frames = frames;
    this.beat = beat;
  }

  void start() {
    GoBlock.start("writer to " + engine.peer(), this::write);
  }

  /** Takes a message to be said after those before. */
  void say(Message message) {
    outbox.offer(message);
    if (idle) {
      wake();
    }
  }

  /** Something has changed: there may be something that can be said now. */
  void wake() {
    LockSupport.unpark(thread);
  }

  /** The peer was heard: it may have made room, or have to be told how far it was heard. */
  void heard(boolean owesAck) {
    if (idle && (owesAck || !outbox.isEmpty())) {
      wake();
    }
  }

  private @Nullable Void write() throws InterruptedException {
    thread = Thread.currentThread();
    Line greeted = null;
    List<Message> batch = new ArrayList<>();
    while (!engine.isOver() || (engine.line() != null && !outbox.isEmpty())) {
      Line line = engine.line();
      if (line != null && line != greeted) {
        greeted = line;
        greet(line);
      } else if (line == null || !(sayNext(line, batch) || beat(line))) {
        idle(greeted);
      }
    }
    engine.sayFarewell();
    return null;
  }

  /** Says the first word on a line, and again what may not have arrived on the one before. */
  private void greet(Line line) throws InterruptedException {
    Packet greeting = line.greeting();
    if (greeting != null) {
      send(line, encoded(greeting));
    }
    List<Packet.Batch> again;
    synchronized (session) {
      again = session.unconfirmed(Time.current().nanoTime());
    }
    for (Packet.Batch packet : again) {
      send(line, encoded(packet));
    }
  }

  private boolean sayNext(Line line, List<Message> batch) throws InterruptedException {
    Packet.Batch packet;
    synchronized (session) {
      if (!session.hasRoom() || outbox.drain(batch::add, MOST_IN_A_BATCH) == 0) {
        return false;
      }
      packet = session.batch(List.copyOf(batch), Time.current().nanoTime());
    }
    batch.clear();
    List<Frame> encoded = encoded(packet);
    synchronized (session) {
      session.sized(encoded.stream().mapToInt(Frame::length).sum());
    }
    send(line, encoded);
    return true;
  }

  private boolean beat(Line line) throws InterruptedException {
    Packet.Beat packet;
    synchronized (session) {
      long now = Time.current().nanoTime();
      if (session.due(now) != Session.Due.BEAT) {
        return false;
      }
      packet = session.beat(now);
    }
    send(line, encoded(packet));
    return true;
  }

  private List<Frame> encoded(Packet packet) {
    try {
      return frames.write(packet);
    } catch (CodecException e) {
      engine.end("what is said here cannot be sent: " + e.getMessage());
      return List.of();
    }
  }

  private void send(Line line, List<Frame> encoded) throws InterruptedException {
    for (Frame frame : encoded) {
      engine.put(line, frame);
    }
  }

  private void idle(@Nullable Line greeted) {
    idle = true;
    if (!engine.isOver() && !canSay(greeted)) {
      Time.current().parkUntil(this, Time.after(beat));
    }
    idle = false;
  }

  private boolean canSay(@Nullable Line greeted) {
    Line line = engine.line();
    if (line == null || line != greeted) {
      return line != null;
    }
    synchronized (session) {
      return session.owesAck() || (session.hasRoom() && !outbox.isEmpty());
    }
  }
}
