package dev.circulate.runtime;

import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.ProtocolException;
import org.jspecify.annotations.Nullable;

/** How a session gets another link when its link breaks. */
interface Comeback {
  /** Not at all: the session ends with its link. */
  Comeback NONE =
      new Comeback() {
        @Override
        public @Nullable String offer() {
          return null;
        }

        @Override
        public boolean begin(Engine engine, String session) {
          return false;
        }
      };

  /** What the hello says of it; see {@link Packet.Hello#session()}. */
  @Nullable String offer();

  /**
   * A session is about to begin.
   *
   * @return why it cannot now, in a sentence for the peer; null if it can
   */
  default @Nullable String refusal(Engine engine) {
    return null;
  }

  /** A session begins. */
  default void joined(Engine engine) {}

  /**
   * The session's link broke, and it wants another. Does not block.
   *
   * @param session what the session is called
   * @return whether one may come
   */
  boolean begin(Engine engine, String session);

  /** A session that may wait for another link keeps more. Does not block. */
  default void grew(Engine engine) {}

  /**
   * The first word on a link was that it is meant for another session.
   *
   * @param newcomer what served the link until now
   * @param line the link
   * @param resume the word
   * @throws ProtocolException if no session can be resumed here
   */
  default void resume(Engine newcomer, Line line, Packet.Resume resume)
      throws InterruptedException {
    throw new ProtocolException("no session can be resumed here");
  }
}
