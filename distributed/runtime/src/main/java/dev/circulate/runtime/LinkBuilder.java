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
   * Sets what proves to the other side who this one is. They are sent with the hello: over a
   * network that others listen to, only over TLS.
   *
   * @param credentials what to show
   */
  public LinkBuilder credentials(Credentials credentials) {
    this.credentials = Objects.requireNonNull(credentials, "credentials");
    return this;
  }

  /**
   * Demands that peers prove who they are: nothing is said to them before, unless {@link
   * #credentials} are shown, which are said first. Where both sides demand it, one of them must
   * show something, too, or each waits for the other.
   *
   * @param authenticator how to find out
   */
  public LinkBuilder authenticator(Authenticator authenticator) {
    this.authenticator = Objects.requireNonNull(authenticator, "authenticator");
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
