package dev.circulate.runtime;

import dev.circulate.ChannelFailedException;
import dev.circulate.PeerLostException;
import dev.circulate.internal.GoBlock;
import dev.circulate.internal.Time;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.session.FrameLostException;
import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.ProtocolException;
import dev.circulate.service.Origin;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Hears what the peer says: a go block for each line takes its frames, and has what they say done.
 *
 * <p>What is heard is heard under a lock, and from the present line only: what a former line's go
 * block still does is done before the present one's begins.
 */
final class Reader {
  private static final int SOON_MILLIS = 100;

  private final Engine engine;
  private final Comeback comeback;
  private final Admission admission;
  private final FrameCodec frames;
  private final Conversation conversation;
  private final Writer writer;
  private final ReentrantLock hearing = new ReentrantLock();

  Reader(
      Engine engine,
      Comeback comeback,
      Admission admission,
      FrameCodec frames,
      Conversation conversation,
      Writer writer) {
    this.engine = engine;
    this.comeback = comeback;
    this.admission = admission;
    this.frames = frames;
    this.conversation = conversation;
    this.writer = writer;
  }

  /** Begins to listen to a line. */
  void listenTo(Line heard) {
    GoBlock.background("reader from " + engine.peer(), () -> read(heard));
  }

  /** Does something between two packets. */
  void unheard(Runnable action) {
    hearing.lock();
    try {
      action.run();
    } finally {
      hearing.unlock();
    }
  }

  /**
   * The same for what ends the session, so that no packet is half done then. But it does not wait
   * for one that takes its time: that is the program's, which may wait for the end.
   */
  void soonUnheard(Runnable action) {
    boolean waited = hearing.tryLock() || isUnheardSoon();
    try {
      action.run();
    } finally {
      if (waited) {
        hearing.unlock();
      }
    }
  }

  private boolean isUnheardSoon() {
    try {
      return hearing.tryLock(SOON_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void read(Line heard) throws InterruptedException {
    try {
      for (Frame frame : heard.link().incoming()) {
        Queue<Frame> answers = new ArrayDeque<>(2);
        for (Packet packet : frames.read(frame, answers::add)) {
          if (packet instanceof Packet.Resume resume && engine.isOpening()) {
            comeback.resume(engine, heard, resume);
            return;
          }
          if (packet instanceof Packet.Hello hello
              && engine.isOpening()
              && !isAdmitted(heard, hello)) {
            return;
          }
          say(heard, answers);
          if (!goesOnAfter(heard, packet, frame.length())) {
            return;
          }
        }
        say(heard, answers);
      }
      engine.broke(heard, "was closed");
    } catch (FrameLostException e) {
      engine.broke(heard, "lost something: " + e.getMessage());
    } catch (ProtocolException | CodecException | ArithmeticException | ClassCastException e) {
      if (engine.isPresent(heard)) {
        engine.violation(String.valueOf(e.getMessage()));
      }
    } catch (ChannelFailedException e) {
      if (!(e.getCause() instanceof FrameTooLongException tooLong)) {
        engine.broke(heard, "broke: " + e.getCause());
      } else if (engine.isPresent(heard)) {
        engine.end("no link to " + engine.peer() + " would do: " + tooLong.getMessage());
      }
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      engine.failed(e); // what came after it in its batch was not done
    }
  }

  /** Says what has to be said to one who was admitted. */
  private void say(Line heard, Queue<Frame> answers) throws InterruptedException {
    while (!answers.isEmpty()) {
      engine.put(heard, answers.remove());
    }
  }

  /** Whether a session begins with this hello: if not, it has been refused. */
  private boolean isAdmitted(Line heard, Packet.Hello hello) {
    String full = comeback.refusal(engine);
    Admission.Refusal refusal =
        full == null
            ? admission.refusal(hello)
            : new Admission.Refusal(Packet.Bye.OVERLOADED, full);
    if (refusal != null) {
      engine.refuse(refusal.code(), refusal.sentence());
      return false;
    }
    String identity = admission.identity();
    if (identity != null) {
      conversation.isWith(new Origin.Remote(engine.peer(), identity));
    }
    heard.open();
    return true;
  }

  /** Has done what a packet says; answers whether more is to be heard. */
  private boolean goesOnAfter(Line heard, Packet packet, int size) {
    hearing.lock();
    try {
      if (engine.isPresent(heard)) {
        hear(packet, size);
      }
      return true;
    } catch (PeerLostException e) {
      return true; // the session ended meanwhile; its last words are still to come
    } catch (ProtocolException | CodecException | ArithmeticException | ClassCastException e) {
      // also if the line broke meanwhile: what came after it in its batch was not done
      engine.violation(String.valueOf(e.getMessage()));
      return false;
    } finally {
      hearing.unlock();
    }
  }

  private void hear(Packet packet, int size) {
    boolean owesAck = conversation.hear(packet, size, Time.current().nanoTime());
    writer.heard(owesAck);
    if (conversation.isBeyondBacklog()) {
      engine.refuse(
          Packet.Bye.OVERLOADED,
          "more than " + engine.limits().backlog() + " messages wait to be read by you");
    }
    switch (packet) {
      case Packet.Hello hello when !engine.isOver() -> {
        frames.agree(hello);
        engine.begun();
      }
      case Packet.Bye bye -> engine.heardLast(bye);
      default -> {}
    }
  }
}
