package dev.circulate.runtime;

import java.util.List;

/**
 * A body that is ready to be sent, and the channels that are named in it.
 *
 * <p>Whoever packed it says {@link #sent()} once the message with the body is on its way, or {@link
 * #dropped()} if it will never be: a channel whose name has not left must not be spoken of before,
 * and is not held by the peer in the end.
 *
 * @param body transit's types
 * @param length how long it becomes: an estimate, not too low
 * @param channels what is named in it
 */
record Parcel(Object body, int length, List<Named> channels) {
  /** A channel of which the name was written into a body. */
  interface Named {
    /** The message that has the name is on its way. */
    void sent();

    /** There will be no such message. */
    void dropped();
  }

  void sent() {
    channels.forEach(Named::sent);
  }

  void dropped() {
    channels.forEach(Named::dropped);
  }

  /** The message was said, or never will be. */
  void settle(boolean said) {
    if (said) {
      sent();
    } else {
      dropped();
    }
  }
}
