package dev.circulate.runtime;

import dev.circulate.internal.GoBlock;
import dev.circulate.internal.Time;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.Session;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The go block that says what is to be said.
 *
 * <p>It sends one packet after the other, as {@link Conversation#next} has them. When it can do
 * nothing (there is nothing to say, the peer has not confirmed enough, there is no line) it parks,
 * and says so first, so that whoever changes that finds somebody to wake.
 *
 * <p>Where many talk at a time it lets all run that can before it looks what there is to say: of
 * callers who became runnable together each has then said what it wants, and they share a frame.
 * That brought 64 callers from 8 messages in a frame to 18. A single caller's message waits for
 * nobody: a yield wakes another carrier, which costs him more than it can bring.
 */
final class Writer implements Time.Wait {
  /** For how many frames of single messages one that several shared speaks. */
  private static final int FRAMES_OF_A_CROWD = 16;

  /** How long a line is kept for the last words. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Engine engine;
  private final Conversation conversation;
  private final FrameCodec frames;
  private final Parting parting;
  private final Duration beat;

  /** Guarded by itself. */
  private final Session session;

  private volatile @Nullable Thread thread;
  private volatile boolean idle;

  /** The line on which the first word was said; written by this go block. */
  private volatile @Nullable Line greeted;

  /** For how many frames more others are let run first; for this go block. */
  private int crowd;

  Writer(
      Engine engine,
      Conversation conversation,
      Session session,
      FrameCodec frames,
      Parting parting,
      Duration beat) {
    this.engine = engine;
    this.conversation = conversation;
    this.session = session;
    this.frames = frames;
    this.parting = parting;
    this.beat = beat;
  }

  void start() {
    GoBlock.background("writer to " + engine.peer(), this::write);
  }

  /** There is another message to be said. */
  void somethingToSay() {
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
    if (idle && (owesAck || conversation.hasUnsaid())) {
      wake();
    }
  }

  private void write() throws InterruptedException {
    thread = Thread.currentThread();
    try {
      sayAll();
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      engine.failed(e);
    }
    sayFarewell();
  }

  private void sayAll() throws InterruptedException {
    while (!isFinished()) {
      Line line = engine.line();
      if (line != null && isToBeGreeted(line)) {
        greeted = line;
        greet(line);
      } else if (line == null || !line.isOpen() || !sayNext(line)) {
        idle();
      }
    }
  }

  private boolean isToBeGreeted(Line line) {
    return line != greeted && line.mayBeGreeted();
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

  private boolean sayNext(Line line) throws InterruptedException {
    if (crowd > 0) {
      letOthersSay();
    }
    Packet packet = conversation.next(Time.current().nanoTime());
    if (packet == null) {
      return false;
    }
    if (packet instanceof Packet.Batch batch) {
      crowd = batch.messages().size() > 1 ? FRAMES_OF_A_CROWD : Math.max(0, crowd - 1);
      sayBatch(line, batch);
    } else {
      send(line, encoded(packet));
    }
    return true;
  }

  @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it but how many share a frame
  private static void letOthersSay() {
    Thread.yield();
  }

  /** Sends a batch, or has it split if it is too long for a frame. */
  private void sayBatch(Line line, Packet.Batch batch) throws InterruptedException {
    List<Frame> encoded;
    try {
      encoded = frames.writeNew(batch);
    } catch (CodecException e) {
      if (!conversation.split()) {
        cannotSend(e);
      }
      return;
    }
    conversation.sized(encoded.stream().mapToInt(Frame::length).sum());
    send(line, encoded);
    conversation.forgetClosed(frames.takeClosed());
  }

  private void cannotSend(CodecException e) {
    engine.unsayable(String.valueOf(e.getMessage()));
  }

  /** The frames for a packet; none, and the session ends, if it cannot be sent. */
  private List<Frame> encoded(Packet packet) {
    try {
      return frames.write(packet);
    } catch (CodecException e) {
      cannotSend(e);
      return List.of();
    }
  }

  /** The last words, for which it waits no longer than a peer that does not read deserves. */
  private void sayFarewell() throws InterruptedException {
    Line last = engine.line();
    Parting.Words words = parting.words();
    try {
      if (last != null
          && words != null
          && saysLast(last, words)
          && words.code().equals(Packet.Bye.LEAVING)
          && !frames.isDialect()) {
        parting.awaitPeer(PATIENCE);
      }
    } finally {
      if (last != null) {
        last.close();
      }
      parting.said();
      conversation.fallSilent();
    }
  }

  /** Says the last word; whether the link took it. */
  private boolean saysLast(Line line, Parting.Words words) throws InterruptedException {
    Packet.Bye bye;
    synchronized (session) {
      bye = session.bye(words.code(), words.sentence(), Time.current().nanoTime());
    }
    boolean said = true;
    for (Frame frame : encoded(bye)) {
      said &= line.link().outgoing().offer(frame, PATIENCE);
    }
    return said;
  }

  private void send(Line line, List<Frame> encoded) throws InterruptedException {
    for (Frame frame : encoded) {
      engine.put(line, frame);
    }
  }

  private void idle() {
    idle = true;
    if (!isOver()) {
      Time.current().parkUntil(this, nextLook());
    }
    idle = false;
  }

  /** When a beat is due; or a beat from now, if one that is due cannot be said. */
  private long nextLook() {
    long due;
    synchronized (session) {
      due = session.beatDue();
    }
    return Time.passed(due) ? Time.after(beat) : due;
  }

  @Override
  public boolean isOver() {
    return canSay() || isFinished();
  }

  /** The session has ended, and what was to be said before is said or will be heard by nobody. */
  private boolean isFinished() {
    return engine.isOver() && !(engine.isHeard() && mayBeSaidYet());
  }

  /** Not what waits for room, when nobody listens to what the peer confirms. */
  private boolean mayBeSaidYet() {
    return parting.isDeaf() ? conversation.hasNext() : conversation.hasUnsaid();
  }

  private boolean canSay() {
    Line line = engine.line();
    return line != null && (isToBeGreeted(line) || (line.isOpen() && conversation.hasNext()));
  }
}
