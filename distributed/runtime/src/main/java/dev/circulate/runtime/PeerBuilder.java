package dev.circulate.runtime;

import dev.circulate.service.Root;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What can be set for a peer that is connected to; {@link #connect} does that. {@link Peer#to}
 * makes one.
 *
 * {@snippet :
 * Peer peer =
 *     Peer.to(URI.create("wss://example.org/csp"))
 *         .root(Root.named("client").add("progress", service, Visibility.PUBLIC))
 *         .credentials(Credentials.bearer(token))
 *         .connect();
 * }
 *
 * <p>Unless told otherwise, what {@link SessionBuilder} says, a root that offers nothing, and the
 * transport that the URI's scheme names. <b>Threads.</b> For one thread.
 */
public final class PeerBuilder extends SessionBuilder<PeerBuilder> {
  private final URI uri;
  private @Nullable Transport transport;

  PeerBuilder(URI uri) {
    super(Root.named("client").port());
    this.uri = Objects.requireNonNull(uri, "uri");
  }

  @Override
  PeerBuilder self() {
    return this;
  }

  /**
   * Sets what proves to the other side who this one is. They are sent with the hello: over a
   * network that others listen to, only over TLS.
   *
   * @param credentials what to show
   */
  public PeerBuilder credentials(Credentials credentials) {
    this.credentials = Objects.requireNonNull(credentials, "credentials");
    return this;
  }

  /**
   * Sets what makes the links, the first and, when one breaks, the next: a transport with options,
   * such as whom to trust.
   *
   * @param transport one that understands the URI
   */
  public PeerBuilder transport(Transport transport) {
    this.transport = Objects.requireNonNull(transport, "transport");
    return this;
  }

  /**
   * Connects, and waits until the other side has said hello: one that demands to know who this is
   * has found out by then.
   *
   * @throws IOException if there is nobody, or nobody that speaks this protocol, or it refuses; the
   *     message names the URI and says why
   * @throws InterruptedException if interrupted while waiting; there is no connection then
   */
  public Peer connect() throws IOException, InterruptedException {
    Terms terms = terms();
    Transport by = transport == null ? Transports.of(uri) : transport;
    Comeback comeback =
        terms.limits().grace().isZero() ? Comeback.NONE : new Redial(by, uri, terms.limits());
    Peer peer = Peer.begin(by.connect(uri), terms, comeback);
    try {
      peer.awaitHello(uri);
      return peer;
    } catch (IOException | InterruptedException e) {
      peer.close();
      throw e;
    }
  }
}
