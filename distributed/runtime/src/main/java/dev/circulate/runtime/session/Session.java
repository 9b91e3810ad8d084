package dev.circulate.runtime.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of one conversation: who has said hello, which batch comes next, when the other side
 * was heard last. Has no thread, clock or socket: it is told what happens and when, and answers
 * what to do. Not safe for use by several threads; moments are nanoseconds of whichever clock the
 * caller has.
 *
 * <pre>
 *            Hello heard               Bye heard or said, link down, silence, violation
 *  OPENING --------------&gt; OPEN ---------------------------------------------------&gt; ENDED
 *     \------------------------------------------------------------------------------^
 * </pre>
 */
public final class Session {
  /** The version of the protocol that this library speaks. */
  public static final long VERSION = 1;

  /** Where a session stands. */
  public enum State {
    /** Nothing but a hello, or a bye, may come. */
    OPENING,
    /** The peers talk. */
    OPEN,
    /** Nothing counts any more. */
    ENDED
  }

  /** What the clock asks for. */
  public enum Due {
    /** Nothing. */
    NOTHING,
    /** Say that we are here. */
    BEAT,
    /** The peer has been silent for too long. */
    SILENCE
  }

  private final long beatNanos;
  private final long silenceNanos;
  private State state = State.OPENING;
  private long nextNumber = 1;
  private long expectedNumber = 1;
  private long lastSaid;
  private long lastHeard;
  private @Nullable String peerName;

  /**
   * A session that begins.
   *
   * @param beatNanos how long to be silent before a beat
   * @param silenceNanos how long the peer may be silent
   * @param now this moment
   */
  public Session(long beatNanos, long silenceNanos, long now) {
    this.beatNanos = beatNanos;
    this.silenceNanos = silenceNanos;
    this.lastSaid = now;
    this.lastHeard = now;
  }

  /** Where it stands. */
  public State state() {
    return state;
  }

  /** How the peer calls itself; null until it has said hello. */
  public @Nullable String peerName() {
    return peerName;
  }

  /** Numbers the next batch. */
  public Packet.Batch batch(List<Message> messages, long now) {
    lastSaid = now;
    return new Packet.Batch(nextNumber++, messages);
  }

  /** Takes note that something else was said. */
  public void said(long now) {
    lastSaid = now;
  }

  /**
   * Takes note of a packet that came in.
   *
   * @return the messages in it, to be acted on in order; none if it has none
   * @throws ProtocolException if it must not come now
   */
  public List<Message> heard(Packet packet, long now) {
    lastHeard = now;
    return switch (packet) {
      case Packet.Hello hello -> hello(hello);
      case Packet.Batch batch -> batch(batch);
      case Packet.Beat _ -> List.of();
      case Packet.Bye _ -> {
        state = State.ENDED;
        yield List.of();
      }
    };
  }

  private List<Message> hello(Packet.Hello hello) {
    if (state != State.OPENING) {
      throw new ProtocolException("a second hello");
    }
    if (hello.version() != VERSION) {
      throw new ProtocolException(
          "version " + hello.version() + " of the protocol; this peer speaks version " + VERSION);
    }
    peerName = hello.name();
    state = State.OPEN;
    return List.of();
  }

  private List<Message> batch(Packet.Batch batch) {
    if (state == State.OPENING) {
      throw new ProtocolException("a batch before the hello");
    }
    if (batch.number() != expectedNumber) {
      throw new ProtocolException(
          "batch " + batch.number() + " came where batch " + expectedNumber + " was expected");
    }
    expectedNumber++;
    return batch.messages();
  }

  /** What the clock asks for now. */
  public Due due(long now) {
    if (state == State.ENDED) {
      return Due.NOTHING;
    }
    if (now - lastHeard >= silenceNanos) {
      return Due.SILENCE;
    }
    return now - lastSaid >= beatNanos ? Due.BEAT : Due.NOTHING;
  }

  /** Ends it, whatever was under way. */
  public void end() {
    state = State.ENDED;
  }
}
