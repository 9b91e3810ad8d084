package dev.circulate.runtime.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What crosses a link as one frame. */
public sealed interface Packet {
  /**
   * The first thing that either side says.
   *
   * @param version of the protocol
   * @param name how the speaker calls itself
   * @param encodings what the speaker reads beside JSON, by their ids
   * @param session what the session is called if its link breaks: a secret of whoever accepted the
   *     link, empty from whoever made it and would make it again; null if the speaker will not
   *     resume
   * @param beat how many milliseconds the speaker is silent at the longest; 0 if it does not tell
   * @param window how many values the speaker lets be on their way through one proxy; 0 if it does
   *     not tell, which means {@link Session#UNTOLD_WINDOW}
   * @param credentials what proves who the speaker is, as in HTTP's header {@code Authorization};
   *     null if it shows nothing
   */
  record Hello(
      long version,
      String name,
      List<String> encodings,
      @Nullable String session,
      long beat,
      int window,
      @Nullable String credentials)
      implements Packet {
    /** Without the secrets in it. */
    @Override
    public String toString() {
      return "hello of '" + name + "', version " + version;
    }
  }

  /**
   * Instead of a hello, from whoever made the link: this is another link for a session.
   *
   * @param session what the session is called
   * @param received the last batch that was received
   */
  record Resume(String session, long received) implements Packet {
    /** Without the secret in it. */
    @Override
    public String toString() {
      return "resume after batch " + received;
    }
  }

  /**
   * The answer to {@link Resume}; what follows on this link belongs to the session.
   *
   * @param received the last batch that was received
   */
  record Resumed(long received) implements Packet {}

  /**
   * Messages in order.
   *
   * @param number one more than the batch before
   * @param received the last batch that was received before; 0 if none or it is not told
   * @param messages at least one
   */
  record Batch(long number, long received, List<Message> messages) implements Packet {}

  /**
   * I am here.
   *
   * @param said the last batch that was said, so that its loss is noticed; 0 if it is not told
   * @param received the last batch that was received; 0 if none or it is not told
   */
  record Beat(long said, long received) implements Packet {}

  /**
   * The last thing that either side says. Whoever hears it first answers with one of its own.
   *
   * @param code {@link #LEAVING}, or what the other did wrong
   * @param sentence the same in words
   * @param received the last batch that was received; 0 if none or it is not told
   */
  record Bye(String code, String sentence, long received) implements Packet {
    /** An orderly end. */
    public static final String LEAVING = "leaving";

    /** The other side broke the protocol. */
    public static final String VIOLATION = "protocol-violation";

    /** The other side did not prove who it is. */
    public static final String UNAUTHENTICATED = "unauthenticated";

    /** There is more to do than this side takes on, now. */
    public static final String OVERLOADED = "overloaded";

    /** Something failed here, for which the other side can do nothing. */
    public static final String INTERNAL = "internal";

    /** The session that was to be resumed is over. */
    public static final String UNKNOWN_SESSION = "unknown-session";
  }
}
