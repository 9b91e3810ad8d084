package dev.circulate.runtime;

import dev.circulate.runtime.codec.FrameLimits;
import dev.circulate.runtime.session.Session;
import java.time.Duration;

/**
 * What a peer may demand of this side, and how long it may be silent. A peer that goes beyond a
 * limit loses its session, with a sentence that names the limit; other sessions are not touched.
 *
 * {@snippet :
 * Limits limits = Limits.builder().frame(8 << 20).exports(1_000).build();
 * Server server = Server.at(uri).root(root).limits(limits).start();
 * }
 *
 * <p>{@link #DEFAULTS} are safe for a server that anybody can reach, and cannot hurt an honest peer
 * unless its frames are larger than a mebibyte. What each limit is against, and why its default
 * hurts nobody, is told at its method of {@link Builder}. Immutable.
 */
public final class Limits {
  /** Safe for an internet-facing server. */
  public static final Limits DEFAULTS = builder().build();

  /** For ever: some 18 years, of which a few fit into a number of nanoseconds. */
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 16);

  private final int window;
  private final FrameLimits frame;
  private final int exports;
  private final int imports;
  private final int requests;
  private final int unacked;
  private final int backlog;
  private final Duration hello;
  private final Duration beat;
  private final Duration silence;
  private final Duration grace;

  private Limits(Builder set) {
    this.window = atLeast(1, "window", set.window);
    this.frame = new FrameLimits(set.frame, set.depth, set.string, set.collection);
    this.exports = atLeast(1, "exports", set.exports);
    this.imports = atLeast(1, "imports", set.imports);
    this.requests = atLeast(1, "requests", set.requests);
    this.unacked = atLeast(Session.SIZE_PER_ACK, "unacked", set.unacked);
    this.backlog = atLeast(window, "backlog", set.backlog);
    this.hello = positive("hello", set.hello);
    this.beat = positive("beat", set.beat);
    this.silence = set.silence;
    this.grace = set.grace;
    if (silence.compareTo(beat) <= 0) {
      throw new IllegalArgumentException(
          "a peer that says every %s that it is there is silent for longer than %s now and then"
                  .formatted(beat, silence)
              + ": silence must be longer than beat");
    }
    if (grace.isNegative()) {
      throw new IllegalArgumentException("grace is zero or longer, not " + grace);
    }
  }

  private static int atLeast(int least, String what, int value) {
    if (value < least) {
      throw new IllegalArgumentException(what + " is at least " + least + ", not " + value);
    }
    return value;
  }

  private static Duration positive(String what, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(what + " is longer than zero, not " + value);
    }
    return value;
  }

  /** Begins with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Begins with these. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** How many values may be on their way through one proxy. */
  public int window() {
    return window;
  }

  /** How large a frame may be, and what is in it. */
  public FrameLimits frame() {
    return frame;
  }

  /** How many channels of this side the peer may hold at once. */
  public int exports() {
    return exports;
  }

  /** How many channels of the peer's may be held here at once. */
  public int imports() {
    return imports;
  }

  /** How many of the peer's requests may be under way here at once. */
  public int requests() {
    return requests;
  }

  /** How much may be sent that the peer has not confirmed, in characters or bytes. */
  public int unacked() {
    return unacked;
  }

  /** How many messages may wait to be sent to a peer that goes on sending. */
  public int backlog() {
    return backlog;
  }

  /** How long to wait for the peer's first word. */
  public Duration hello() {
    return hello;
  }

  /** How long this side is silent before it says that it is there. */
  public Duration beat() {
    return beat;
  }

  /** How long the peer may be silent before its link counts as broken. */
  public Duration silence() {
    return silence;
  }

  /** How long to wait for another link when one broke. */
  public Duration grace() {
    return grace;
  }

  /** What a session keeps to by these. */
  Session.Terms session() {
    return new Session.Terms(
        nanos(beat, LONGEST.dividedBy(2)), nanos(silence, LONGEST), unacked, window);
  }

  private static long nanos(Duration length, Duration longest) {
    return (length.compareTo(longest) < 0 ? length : longest).toNanos();
  }

  @Override
  public String toString() {
    return "limits: window=%d exports=%d imports=%d requests=%d unacked=%d backlog=%d "
            .formatted(window, exports, imports, requests, unacked, backlog)
        + "%s hello=%s beat=%s silence=%s grace=%s".formatted(frame, hello, beat, silence, grace);
  }

  /** Sets limits one by one; {@link #build} holds them against one another. For one thread. */
  public static final class Builder {
    private int window = 256;
    private int frame = FrameLimits.DEFAULTS.length();
    private int depth = FrameLimits.DEFAULTS.depth();
    private int string = FrameLimits.DEFAULTS.string();
    private int collection = FrameLimits.DEFAULTS.collection();
    private int exports = 100_000;
    private int imports = 100_000;
    private int requests = 10_000;
    private int unacked = 1 << 20;
    private int backlog = 1 << 18;
    private Duration hello = Duration.ofSeconds(10);
    private Duration beat = Duration.ofSeconds(5);
    private Duration silence = Duration.ofSeconds(16);
    private Duration grace = Duration.ofSeconds(10);

    private Builder() {}

    private Builder(Limits from) {
      window = from.window;
      frame = from.frame.length();
      depth = from.frame.depth();
      string = from.frame.string();
      collection = from.frame.collection();
      exports = from.exports;
      imports = from.imports;
      requests = from.requests;
      unacked = from.unacked;
      backlog = from.backlog;
      hello = from.hello;
      beat = from.beat;
      silence = from.silence;
      grace = from.grace;
    }

    /**
     * Sets how many values may be on their way through one proxy: what is put beyond waits at the
     * putter. The lesser of both sides' counts; a peer that tells none has 64, as has one that has
     * not told it yet. A channel in which more of the peer's values wait than that, put through
     * proxies that it has let go, is not given to the peer again before some are taken.
     * <b>Against</b> a peer that puts faster than anybody takes. A peer of this library never goes
     * beyond; a smaller window only makes it wait more often.
     *
     * @param values 256 unless set
     */
    public Builder window(int values) {
      this.window = values;
      return this;
    }

    /**
     * Sets how long a frame may be, also one that this side sends. <b>Against</b> frames that fill
     * the memory before anything of them can be read. Many messages share a frame only as long as
     * they are small: an honest peer reaches the limit with a single value of that size.
     *
     * @param length in characters of a text, bytes of a binary frame; 1 Mi unless set
     */
    public Builder frame(int length) {
      this.frame = length;
      return this;
    }

    /**
     * Sets how deep a value may be nested. <b>Against</b> a few kilobytes of brackets that exhaust
     * the stack of whoever reads them. Data that people make is a dozen levels deep.
     *
     * @param levels at most {@link FrameLimits#DEEPEST}; 100 unless set
     */
    public Builder depth(int levels) {
      this.depth = levels;
      return this;
    }

    /**
     * Sets how long one text or byte array may be, as written. <b>Against</b> a length that is
     * claimed and not sent, for which a parser would make room. By default a string may fill its
     * frame.
     *
     * @param length in characters of a text, bytes of a binary frame; 1 Mi unless set
     */
    public Builder string(int length) {
      this.string = length;
      return this;
    }

    /**
     * Sets how large one list, set or map may be. <b>Against</b> a size that is claimed and not
     * sent, and against work that grows with more than the size. By default ten bytes of the frame
     * are left for each element.
     *
     * @param elements 100,000 unless set
     */
    public Builder collection(int elements) {
      this.collection = elements;
      return this;
    }

    /**
     * Sets how many channels of this side the peer may hold at once, those that it answers to
     * included. <b>Against</b> a peer that asks for channels and releases none. A call holds one
     * while it is under way, so this many calls to the peer can be.
     *
     * @param channels 100,000 unless set
     */
    public Builder exports(int channels) {
      this.exports = channels;
      return this;
    }

    /**
     * Sets how many channels of the peer's may be held here at once. <b>Against</b> a peer that
     * sends channels faster than anybody lets go of them. A call from the peer holds one while it
     * is under way.
     *
     * @param channels 100,000 unless set
     */
    public Builder imports(int channels) {
      this.imports = channels;
      return this;
    }

    /**
     * Sets how many of the peer's requests may be under way at the services and roots of this side:
     * one beyond is answered with <em>overloaded</em>, at once, and the session goes on.
     * <b>Against</b> a peer that asks faster than anybody can answer, for which each request is a
     * go block. Callers that wait for their answers rarely have thousands at a time.
     *
     * @param requests 10,000 unless set
     */
    public Builder requests(int requests) {
      this.requests = requests;
      return this;
    }

    /**
     * Sets how many messages may wait to be sent to a peer that goes on sending: beyond, its
     * session ends. <b>Against</b> a peer that asks and asks and does not read the answers. Their
     * size is that of the answers, so a service of very large ones deserves a smaller limit here.
     * Values that are put to proxies wait within their windows: a peer that is out of reach for a
     * while comes near the default only with thousands of streams that are full.
     *
     * @param messages at least the window; 262,144 unless set
     */
    public Builder backlog(int messages) {
      this.backlog = messages;
      return this;
    }

    /**
     * Sets how much may be sent that the peer has not confirmed: what is said beyond waits.
     * <b>Against</b> a peer that reads and never confirms, so that all is kept for it. A peer of
     * this library confirms before it has received as much as the least that can be set here.
     *
     * @param size in characters or bytes, at least 128 Ki; 1 Mi unless set
     */
    public Builder unacked(int size) {
      this.unacked = size;
      return this;
    }

    /**
     * Sets how long to wait for the peer's first word. <b>Against</b> whoever opens links and says
     * nothing. A hello is one small frame, said at once.
     *
     * @param patience 10 seconds unless set
     */
    public Builder hello(Duration patience) {
      this.hello = patience;
      return this;
    }

    /**
     * Sets how long this side is silent before it says that it is there; the peer's silence must be
     * longer.
     *
     * @param interval 5 seconds unless set
     */
    public Builder beat(Duration interval) {
      this.beat = interval;
      return this;
    }

    /**
     * Sets how long the peer may be silent before its link counts as broken. <b>Against</b> links
     * that are dead and look alive. A session that can be resumed waits less: two beats of the
     * peer's, and what its link makes late. A peer whose beat is not shorter than this is refused.
     *
     * @param patience longer than {@link #beat}; 16 seconds unless set
     */
    public Builder silence(Duration patience) {
      this.silence = patience;
      return this;
    }

    /**
     * Sets how long to wait for another link when one broke, before the peer counts as lost.
     * <b>Against</b> sessions that wait for peers that never come back. Long enough for a change of
     * networks, or for a proxy's restart; a server that starts anew knows no sessions, and says so
     * at once.
     *
     * @param patience zero ends a session with its link; 10 seconds unless set
     */
    public Builder grace(Duration patience) {
      this.grace = patience;
      return this;
    }

    /**
     * The limits.
     *
     * @throws IllegalArgumentException if one of them cannot be kept; the message names it
     */
    public Limits build() {
      return new Limits(this);
    }
  }
}
