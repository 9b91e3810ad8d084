package dev.circulate.runtime;

import dev.circulate.service.Root;
import java.util.Objects;

/**
 * What can be set for the peer at the other end of a link that the program made; {@link #begin}
 * begins to talk to it. {@link Peer#over(Link)} makes one.
 *
 * <p>Unless told otherwise, what {@link SessionBuilder} says, and a root that offers nothing.
 * <b>Threads.</b> For one thread.
 */
public final class LinkBuilder extends SessionBuilder<LinkBuilder> {
  private final Link link;

  LinkBuilder(Link link) {
    super(Root.named("peer").port());
    this.link = Objects.requireNonNull(link, "link");
  }

  @Override
  LinkBuilder self() {
    return this;
  }

  /**
   * Begins to talk, and does not wait for an answer. The link belongs to the peer from now on, and
   * is closed with it; there is no other when it breaks.
   */
  public Peer begin() {
    return Peer.begin(link, terms(), Comeback.NONE);
  }
}
