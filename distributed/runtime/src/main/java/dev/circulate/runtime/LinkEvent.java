package dev.circulate.runtime;

import dev.circulate.PeerLostException;

/** What becomes of the link to a peer; {@link Peer#linkEvents} tells. */
public sealed interface LinkEvent {
  /** The peer has said hello. */
  record Connected() implements LinkEvent {}

  /**
   * The link broke. The session waits for another, no longer than {@link Limits#grace()}; puts and
   * calls under way wait, too.
   *
   * @param why what was noticed, in words
   */
  record Cut(String why) implements LinkEvent {}

  /** There is another link, and the session goes on where it was: nothing was lost. */
  record Resumed() implements LinkEvent {}

  /**
   * The session has ended, in order or not; nothing follows.
   *
   * @param cause why
   */
  record Lost(PeerLostException cause) implements LinkEvent {}
}
