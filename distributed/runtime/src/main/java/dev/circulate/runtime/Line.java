package dev.circulate.runtime;

import dev.circulate.runtime.session.Packet;
import org.jspecify.annotations.Nullable;

/** One link in the life of a session; compared by identity. */
final class Line {
  private final Link link;
  private final @Nullable Packet greeting;

  /**
   * A link that begins to serve the session.
   *
   * @param greeting what is to be said on it first; null if that was done
   */
  Line(Link link, @Nullable Packet greeting) {
    this.link = link;
    this.greeting = greeting;
  }

  Link link() {
    return link;
  }

  @Nullable Packet greeting() {
    return greeting;
  }
}
