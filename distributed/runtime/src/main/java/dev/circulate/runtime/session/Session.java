package dev.circulate.runtime.session;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The state of one conversation: who has said hello, which batch comes next, what the other side
 * has not confirmed, when it was heard last. Has no thread, clock or socket: it is told what
 * happens and when, and answers what to do. Not safe for use by several threads; moments are
 * nanoseconds of whichever clock the caller has.
 *
 * <pre>
 *            Hello heard               Bye heard or said, link down for good, violation
 *  OPENING --------------&gt; OPEN ---------------------------------------------------&gt; ENDED
 *     \------------------------------------------------------------------------------^
 * </pre>
 *
 * <p><b>Why nothing is lost, doubled or reordered.</b> Batches are numbered from 1. A batch is kept
 * from the moment at which it has a number until the peer says that it has received it, which every
 * batch and beat of the peer's says of all up to one. The receiver acts on batch <i>n</i> only
 * after <i>n</i> - 1: an older one is a repetition and ignored, a newer one shows that the link has
 * lost something. On another link both sides say first how far they have received, and then repeat
 * what is kept after that. So whatever the links do, the batches that are acted on are a prefix of
 * those that were numbered, each once. A batch counts as received when all of it is done. Unless
 * both sides said in their hello that they would resume, a session ends with its link, and a gap is
 * a violation.
 */
public final class Session {
  /** The version of the protocol that this library speaks. */
  public static final long VERSION = 1;

  /** The window of a peer that tells none, and until it does. */
  public static final int UNTOLD_WINDOW = 64;

  /** The version of a peer that says none, and never what it has received: the original's. */
  public static final long NO_VERSION = 0;

  /** After so many batches of the peer's it is told that they came, if nothing else tells it. */
  private static final int BATCHES_PER_ACK = 32;

  /**
   * The same for their size, in characters or bytes: the least that either may keep unconfirmed.
   */
  public static final int SIZE_PER_ACK = 128 << 10;

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
    /** Say that we are here, or how far we have received. */
    BEAT,
    /** The peer has been silent for too long. */
    SILENCE
  }

  /**
   * What both sides keep to.
   *
   * @param beatNanos how long to be silent before a beat
   * @param silenceNanos how long the peer may be silent
   * @param unacked how much may be said that is not confirmed, in characters or bytes
   * @param window how many values may be on their way through one proxy, if the peer agrees
   */
  public record Terms(long beatNanos, long silenceNanos, long unacked, int window) {}

  private final Terms terms;
  private final @Nullable String offered;
  private final ResendBuffer kept = new ResendBuffer();
  private State state = State.OPENING;
  private boolean confirming = true;
  private volatile int window;
  private volatile boolean putsOneByOne;
  private long said;
  private long received;
  private int batchesUntold;
  private long sizeUntold;

  /** Whether the last batch that was received is still being acted on, and how large it was. */
  private boolean acting;

  private int actingSize;
  private long lastSaid;
  private final Suspicion suspicion;
  private @Nullable String name;
  private @Nullable String peerName;

  /**
   * A session that begins.
   *
   * @param terms what both sides keep to
   * @param offered what our hello says of resuming; see {@link Packet.Hello}
   * @param now this moment
   */
  public Session(Terms terms, @Nullable String offered, long now) {
    this.terms = terms;
    this.offered = offered;
    this.lastSaid = now;
    this.window = Math.min(terms.window(), UNTOLD_WINDOW);
    this.suspicion = new Suspicion(terms.silenceNanos(), now);
  }

  /** What to say first. */
  public Packet.Hello hello(String ourName, List<String> encodings, @Nullable String credentials) {
    return new Packet.Hello(
        VERSION,
        ourName,
        encodings,
        offered,
        TimeUnit.NANOSECONDS.toMillis(terms.beatNanos()),
        terms.window(),
        credentials);
  }

  /** Where it stands. */
  public State state() {
    return state;
  }

  /** How the peer calls itself; null until it has said hello. */
  public @Nullable String peerName() {
    return peerName;
  }

  /** What it is called when it is resumed; null if it cannot be. */
  public @Nullable String name() {
    return name;
  }

  /**
   * How many values may be on their way through one proxy: the lesser of what both sides say. For
   * any thread.
   */
  public int window() {
    return window;
  }

  /**
   * How many accepted puts the peer is told of at a time: half a window. A peer that says no
   * version puts once more when its last put was accepted, so it is told of each. For any thread.
   */
  public int putsPerCredit() {
    return putsOneByOne ? 1 : Math.max(1, window / 2);
  }

  /** Whether it goes on when its link breaks. */
  public boolean isResumable() {
    return state == State.OPEN && name != null;
  }

  /** The last batch that was received, and done. */
  public long received() {
    return acting ? received - 1 : received;
  }

  // ---- saying

  /** How much is kept that the peer has not confirmed, in characters or bytes. */
  public long unconfirmedSize() {
    return kept.size();
  }

  /** Whether another batch may be said: what is not confirmed is within the terms. */
  public boolean hasRoom() {
    return kept.size() < terms.unacked();
  }

  /**
   * Numbers the next batch, and keeps it until the peer has it.
   *
   * @param lost to be run if the session is over before
   */
  public Packet.Batch batch(List<Message> messages, Runnable lost, long now) {
    Packet.Batch batch = new Packet.Batch(++said, told(now), messages);
    if (confirming) {
      kept.add(batch, lost);
    }
    return batch;
  }

  /** The last batch was not sent: its number is the next one's. */
  public void takeBack() {
    said--;
    kept.takeBack();
  }

  /** Takes note of how large the last batch is. */
  public void sized(int size) {
    kept.sized(size);
  }

  /** Says that we are here, and how far we have received. */
  public Packet.Beat beat(long now) {
    return new Packet.Beat(confirming ? said : 0, told(now));
  }

  /** Whether the peer should be told how far we have received, though there is nothing else. */
  public boolean owesAck() {
    return confirming
        && state != State.ENDED
        && (batchesUntold >= BATCHES_PER_ACK || sizeUntold >= SIZE_PER_ACK);
  }

  /** Says the last word. */
  public Packet.Bye bye(String code, String sentence, long now) {
    return new Packet.Bye(code, sentence, told(now));
  }

  private long told(long now) {
    lastSaid = now;
    batchesUntold = 0;
    sizeUntold = 0;
    return confirming ? received() : 0;
  }

  // ---- hearing

  /**
   * Takes note of a packet that came in.
   *
   * @param size how large it was
   * @return the messages in it, to be acted on in order; none if it has none
   * @throws ProtocolException if it must not come now
   * @throws FrameLostException if something before it did not come, and the session can be resumed
   */
  public List<Message> heard(Packet packet, int size, long now) {
    suspicion.heard(now);
    return switch (packet) {
      case Packet.Hello hello -> hello(hello);
      case Packet.Batch batch -> batch(batch, size);
      case Packet.Beat beat -> beat(beat);
      case Packet.Resume _, Packet.Resumed _ ->
          throw new ProtocolException("a session is resumed by the first frame of a link only");
      case Packet.Bye bye -> {
        confirmed(bye.received());
        state = State.ENDED;
        yield List.of();
      }
    };
  }

  private List<Message> hello(Packet.Hello hello) {
    if (state == State.ENDED) {
      return List.of(); // it was on its way when this side left
    }
    if (state != State.OPENING) {
      throw new ProtocolException("a second hello");
    }
    if (hello.version() != VERSION && hello.version() != NO_VERSION) {
      throw new ProtocolException(
          "version " + hello.version() + " of the protocol; this peer speaks version " + VERSION);
    }
    long theirBeat = TimeUnit.MILLISECONDS.toNanos(hello.beat());
    if (theirBeat >= terms.silenceNanos()) {
      throw new ProtocolException(
          "a beat of %d ms: a silence of %d ms ends the session here"
              .formatted(hello.beat(), TimeUnit.NANOSECONDS.toMillis(terms.silenceNanos())));
    }
    peerName = Sentence.of(hello.name(), Sentence.LONGEST);
    state = State.OPEN;
    name = agreed(hello.session());
    if (name != null && theirBeat > 0) {
      suspicion.beat(theirBeat);
    }
    window = Math.min(terms.window(), hello.window() == 0 ? UNTOLD_WINDOW : hello.window());
    putsOneByOne = hello.version() == NO_VERSION;
    confirming = !putsOneByOne;
    if (!confirming) {
      kept.clear();
    }
    return List.of();
  }

  /** One side has a name for the session and the other would come back to it. */
  private @Nullable String agreed(@Nullable String theirs) {
    if (offered == null || theirs == null || offered.isEmpty() == theirs.isEmpty()) {
      return null;
    }
    return offered.isEmpty() ? theirs : offered;
  }

  private void requireBegun(String came) {
    if (state == State.OPENING) {
      throw new ProtocolException(came + " before the hello");
    }
  }

  private List<Message> beat(Packet.Beat beat) {
    requireBegun("a beat");
    confirmed(beat.received());
    if (beat.said() > received && state != State.ENDED) {
      throw missing("a beat after batch " + beat.said());
    }
    return List.of();
  }

  private List<Message> batch(Packet.Batch batch, int size) {
    requireBegun("a batch");
    confirmed(batch.received());
    if (state == State.ENDED) {
      return List.of();
    }
    if (batch.number() <= received && isResumable()) {
      return List.of();
    }
    if (batch.number() != received + 1) {
      throw missing("batch " + batch.number());
    }
    received++;
    batchesUntold++;
    sizeUntold += size;
    return batch.messages();
  }

  /**
   * The batch that was just heard begins to be acted on. Until that is {@linkplain #acted done} it
   * is not told that it was received: should the session end meanwhile, the peer is not to think
   * that all of it has arrived.
   *
   * @param size how large it was
   */
  public void acts(int size) {
    acting = true;
    actingSize = size;
    batchesUntold--;
    sizeUntold -= size;
  }

  /** All that the last batch says is done. */
  public void acted() {
    acting = false;
    batchesUntold++;
    sizeUntold += actingSize;
  }

  /** What it means that something came before the batch that is next. */
  private RuntimeException missing(String came) {
    return isResumable()
        ? new FrameLostException(received + 1)
        : new ProtocolException(came + " came where batch " + (received + 1) + " was expected");
  }

  /** The peer has received all batches up to one. */
  private void confirmed(long last) {
    if (last > said) {
      throw new ProtocolException("batch " + last + " was confirmed where " + said + " were said");
    }
    kept.confirmed(last);
  }

  // ---- links

  /**
   * Goes on with another link.
   *
   * @param last a batch that the peer has received; it may have confirmed more before
   * @throws ProtocolException if the peer cannot have received that
   */
  public void resumed(long last, long now) {
    confirmed(last);
    suspicion.restart(now);
    lastSaid = now;
  }

  /** What has to be said again on another link, in order. */
  public List<Packet.Batch> unconfirmed(long now) {
    return kept.isEmpty() ? List.of() : kept.again(told(now));
  }

  /** What the clock asks for now, as long as there is a link. */
  public Due due(long now) {
    if (state == State.ENDED) {
      return Due.NOTHING;
    }
    if (suspicion.isSilent(now)) {
      return Due.SILENCE;
    }
    // not before the peer's first word, which may ask for another session on this link
    boolean quiet = state == State.OPEN && now - lastSaid >= terms.beatNanos();
    return quiet || owesAck() ? Due.BEAT : Due.NOTHING;
  }

  /** When a beat is due, if nothing else is said. */
  public long beatDue() {
    return lastSaid + terms.beatNanos();
  }

  /** How long the peer may be silent, by what is known of it. */
  public Duration patience() {
    return Duration.ofNanos(suspicion.patience());
  }

  // ---- the end

  /** Ends it, whatever was under way; what the peer still confirms counts. */
  public void end() {
    state = State.ENDED;
  }

  /** What to run, in order, since nothing will be confirmed any more. */
  public List<Runnable> lost() {
    List<Runnable> lost = kept.lost();
    kept.clear();
    confirming = false;
    return lost;
  }

  @Override
  public String toString() {
    return "session " + Objects.requireNonNullElse(peerName, "with nobody yet") + ", " + state;
  }
}
