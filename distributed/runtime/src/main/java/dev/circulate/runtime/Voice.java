package dev.circulate.runtime;

import dev.circulate.runtime.session.Message;
import dev.circulate.service.Request;

/** What exports and imports need of their peer: to be heard, and to name channels. */
interface Voice {
  /** Sends a message without a body after those sent before. Never blocks. */
  default void say(Message message) {
    say(message, 0, NOTHING);
  }

  /** For a message of which it does not matter whether it arrives. */
  Runnable NOTHING = () -> {};

  /**
   * Sends a message after those sent before. Never blocks.
   *
   * @param body how long the body in it becomes
   * @param lost is run if the session ends and it is not known that the message arrived
   */
  void say(Message message, int body, Runnable lost);

  /**
   * Hands a value that was put to a proxy, and will never be taken, to the program's hook, in a go
   * block and in the order of the calls.
   */
  void undelivered(Object value);

  /** What does in its order, and in a go block, what may run the program's code. */
  Aside aside();

  /**
   * The same for all that is done to one channel, whichever name or face of it the peer has.
   *
   * @param channel compared by identity
   */
  Aside aside(Object channel);

  /**
   * The body that crosses for a value: its channels become references.
   *
   * @throws dev.circulate.runtime.codec.CodecException if the value cannot be sent
   * @throws dev.circulate.PeerLostException if it has channels and there is no peer any more
   */
  Parcel pack(Object value);

  /** The same for a request, whose reply channel is good for one put. */
  Parcel pack(Request request);

  /**
   * Looks whether a value can be sent, without naming its channels.
   *
   * @throws dev.circulate.runtime.codec.CodecException if not
   */
  void check(Object value);

  /** How many values may be on their way through one proxy. */
  int window();

  /** How many accepted puts the holder is told of at a time. */
  int putsPerCredit();

  /** How many characters a text may have that only tells people why. */
  int longestSentence();

  /** Takes an import that is released out of the tables. */
  void forget(Import forgotten);

  /** Of what was put to a channel that the peer has forgotten, something waits no longer. */
  void settled(Export export);
}
