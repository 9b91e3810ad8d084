package dev.circulate.runtime;

/**
 * What all peers of one server may demand of it together; {@link Limits} are what each of them may.
 *
 * {@snippet :
 * Server server =
 *     Server.at(uri).root(root).crowd(ServerLimits.DEFAULTS.withSessions(500)).start();
 * }
 *
 * <p>Who comes beyond a limit is told so, with the code {@code overloaded}, and can come again
 * later; the peers that are there are not touched. Immutable.
 *
 * @param sessions how many sessions there may be at once, those that wait for their peers included.
 *     <b>Against</b> whoever opens links until nothing is left: with this, the limits of one peer
 *     are a limit for all. The default is what a machine with a few gibibytes can bear
 * @param newSessions how many sessions may begin in a second, and so many more at once after a
 *     quiet second; coming back to a session does not count. <b>Against</b> peers that come and go,
 *     each time with a hello that has to be read and an authenticator that has to be asked. By
 *     default a thousand clients of a server that was started anew are served at once
 * @param waiting how many sessions may wait for their peers to come back; beyond, a session ends
 *     with its link. <b>Against</b> peers that leave without a word. Each waits no longer than
 *     {@link Limits#grace()}, so by default a hundred links a second may break
 * @param waitingSize how much the sessions that wait may keep for their peers together, in
 *     characters or bytes; beyond, a session ends with its link. <b>Against</b> peers that ask for
 *     much, and leave before it arrives, or before it is said. By default a sixteenth of those that
 *     may wait can have a full {@link Limits#unacked()} under way
 */
public record ServerLimits(int sessions, int newSessions, int waiting, long waitingSize) {
  /** 10,000 sessions, a thousand new ones a second, a thousand that wait with 64 Mi in all. */
  public static final ServerLimits DEFAULTS = new ServerLimits(10_000, 1_000, 1_000, 64L << 20);

  /** Checks that every limit can be kept. */
  public ServerLimits {
    if (sessions < 1 || newSessions < 1) {
      throw new IllegalArgumentException(
          "a server has at least one session, and one more in a second: sessions=%d newSessions=%d"
              .formatted(sessions, newSessions));
    }
    if (waiting < 0 || waitingSize < 0) {
      throw new IllegalArgumentException(
          "sessions that wait are none or more, and so is what they keep:"
              + " waiting=%d waitingSize=%d".formatted(waiting, waitingSize));
    }
  }

  /** The same with another limit of sessions. */
  public ServerLimits withSessions(int sessions) {
    return new ServerLimits(sessions, newSessions, waiting, waitingSize);
  }

  /** The same with another limit of sessions that begin in a second. */
  public ServerLimits withNewSessions(int newSessions) {
    return new ServerLimits(sessions, newSessions, waiting, waitingSize);
  }

  /** The same with another limit of sessions that wait; 0 lets none wait. */
  public ServerLimits withWaiting(int waiting) {
    return new ServerLimits(sessions, newSessions, waiting, waitingSize);
  }

  /** The same with another limit of what sessions that wait keep. */
  public ServerLimits withWaitingSize(long waitingSize) {
    return new ServerLimits(sessions, newSessions, waiting, waitingSize);
  }
}
