package dev.circulate.runtime;

import dev.circulate.service.Root;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What can be set for a server; {@link #start} starts it. {@link Server#at} makes one.
 *
 * {@snippet :
 * Server server =
 *     Server.at(URI.create("ws://localhost:8080/csp"))
 *         .root(root)
 *         .authenticator(Authenticator.bearer(tokens::get))
 *         .limits(Limits.builder().requests(100).build())
 *         .start();
 * }
 *
 * <p>Unless told otherwise, what {@link SessionBuilder} says, a root that offers nothing, and the
 * transport that the URI's scheme names. <b>Threads.</b> For one thread.
 */
public final class ServerBuilder extends SessionBuilder<ServerBuilder> {
  private final URI uri;
  private @Nullable Transport transport;
  private ServerLimits crowd = ServerLimits.DEFAULTS;

  ServerBuilder(URI uri) {
    super(Root.named("server").port());
    this.uri = Objects.requireNonNull(uri, "uri");
  }

  @Override
  ServerBuilder self() {
    return this;
  }

  /**
   * Demands that peers prove who they are: nothing is said to them before. A root does not learn of
   * those who have not.
   *
   * @param authenticator how to find out
   */
  public ServerBuilder authenticator(Authenticator authenticator) {
    this.authenticator = Objects.requireNonNull(authenticator, "authenticator");
    return this;
  }

  /**
   * Sets what makes the links: a transport with options, such as a certificate, or that shares its
   * port.
   *
   * @param transport one that understands the URI
   */
  public ServerBuilder transport(Transport transport) {
    this.transport = Objects.requireNonNull(transport, "transport");
    return this;
  }

  /**
   * Sets what all peers together may demand.
   *
   * @param limits the bounds; {@link ServerLimits#DEFAULTS} unless set
   */
  public ServerBuilder crowd(ServerLimits limits) {
    this.crowd = Objects.requireNonNull(limits, "limits");
    return this;
  }

  /**
   * Starts to listen.
   *
   * @throws IOException if that is not possible, for example because the port is taken; the message
   *     names the URI and says why
   */
  public Server start() throws IOException {
    return new Server(transport == null ? Transports.of(uri) : transport, uri, terms(), crowd);
  }
}
