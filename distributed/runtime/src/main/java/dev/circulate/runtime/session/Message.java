package dev.circulate.runtime.session;

import dev.circulate.internal.Words;
import org.jspecify.annotations.Nullable;

/**
 * What one peer tells the other about one channel. The <em>owner</em> has the channel; the
 * <em>holder</em> has a proxy for it. Bodies are transit's types when they leave and a program's
 * when they arrive.
 */
public sealed interface Message {
  /** The channel that it is about. */
  String target();

  /**
   * Holder to owner: put this.
   *
   * @param body the value
   * @param request whether the value is a request
   * @param deadline how long its caller waits, in milliseconds; -1 if it did not say
   * @param released how often the holder was given the channel, if this is the last it will ever
   *     say of it; 0 if it goes on
   */
  record Forward(String target, Object body, boolean request, long deadline, long released)
      implements Message {}

  /** Owner to holder: so many of your puts were accepted; that many more may be on the way. */
  record Credit(String target, int puts) implements Message {}

  /** Holder to owner: so many more of my takers wait. */
  record Take(String target, int takers) implements Message {}

  /** Holder to owner: so many of my takers gave up. No other follows before its answer. */
  record Untake(String target, int takers) implements Message {}

  /**
   * Owner to holder, for every {@link Untake}: so many of your takers were withdrawn. The others
   * have a value each, before this or after it.
   */
  record Untaken(String target, int takers) implements Message {}

  /** Owner to holder: a value for one of your takers. */
  record Value(String target, Object body) implements Message {}

  /** Holder to owner: a value that nobody wanted comes home, and is next in line. */
  record Home(String target, Object body) implements Message {}

  /** Holder to owner: close the channel, after what I put before. */
  record Close(String target, @Nullable Cause cause) implements Message {}

  /** Holder to owner: no more is wanted of this channel. */
  record Cancel(String target, @Nullable Cause cause) implements Message {}

  /**
   * Owner to holder: the channel is closed.
   *
   * @param drained whether nothing more will be sent, so that the holder can forget it
   */
  record Closed(String target, @Nullable Cause cause, boolean drained) implements Message {}

  /**
   * Holder to owner: I have forgotten the channel. No value is on its way: what I asked for has
   * come, or was withdrawn.
   *
   * @param count how often it had been given to me
   */
  record Release(String target, long count) implements Message {}

  /**
   * Why a channel was closed, as data: nothing of it names a class to load.
   *
   * @param type the exception's class name, for people
   * @param message its message
   */
  record Cause(String type, @Nullable String message) {
    /**
     * The cause in an exception, whichever side it comes from, in a {@link Sentence} each.
     *
     * @param most how many characters its type and its message may have: whoever closes a channel
     *     does not know that its reason has to fit into a frame
     */
    public static @Nullable Cause of(@Nullable Throwable thrown, int most) {
      Cause whole =
          switch (thrown) {
            case null -> null;
            case RemoteFailureException remote -> remote.origin();
            default -> new Cause(thrown.getClass().getName(), Words.messageOf(thrown));
          };
      return whole == null ? null : whole.cut(most);
    }

    private Cause cut(int most) {
      return new Cause(
          Sentence.of(type, most), message == null ? null : Sentence.of(message, most));
    }

    /** The exception that stands for it here, which may be kept as long as its channel. */
    public RemoteFailureException toException() {
      return new RemoteFailureException(cut(Sentence.LONGEST));
    }
  }
}
