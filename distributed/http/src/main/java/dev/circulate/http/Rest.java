package dev.circulate.http;

import dev.circulate.WritePort;
import dev.circulate.runtime.Server;
import dev.circulate.runtime.ServerBuilder;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.websocket.WebSocketTransport;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/**
 * Serves a root over HTTP: what its public services can be asked, anybody can ask with {@code curl}
 * or a browser.
 *
 * {@snippet :
 * try (Rest rest = Rest.serve(root).port(8080).links("/csp").start()) {
 *   rest.awaitStop();
 * }
 * }
 *
 * <p>{@code POST /services/{service}/{command}} with the arguments as a JSON object answers JSON;
 * {@code GET}, with the arguments in the query, is for commands that are {@linkplain
 * dev.circulate.service.Command#readOnly() read-only}. A command that answers a channel is a
 * stream. {@code /openapi.json} describes it all, and the page at {@code /} lets a person try it.
 *
 * <p><b>Who.</b> Each request is a remote caller's: private services are not there for it. <b>Time.
 * </b> A request that is not answered in time is given up, and the service interrupted. <b>Failure.
 * </b> Whatever goes wrong is answered by a status and a problem document (RFC 9457). <b>Closing.
 * </b> {@link #close()} begins nothing new, and finishes what is under way. <b>Threads.</b> Every
 * method may be called by any thread; each request has a virtual thread of its own.
 */
public final class Rest implements AutoCloseable {
  /** Where the links' handler stands when nobody is let to it. */
  private static final String NO_LINKS = "/-";

  private final UnderWay underWay;
  private final Server server;
  private final URI uri;
  private final Duration grace;

  private Rest(UnderWay underWay, Server server, URI uri, Duration grace) {
    this.underWay = underWay;
    this.server = server;
    this.uri = uri;
    this.grace = grace;
  }

  /**
   * Begins to serve a root; nothing listens yet.
   *
   * @param root what is offered
   */
  public static RestBuilder serve(Root root) {
    return serve(root.port());
  }

  /**
   * Begins to serve a root that is only known by its channel, near or far.
   *
   * @param root what is offered
   */
  public static RestBuilder serve(WritePort<Request> root) {
    return new RestBuilder(root);
  }

  static Rest start(RestBuilder settings) throws IOException {
    boolean tls = settings.options().tls() != null;
    String path = settings.linksPath() == null ? NO_LINKS : settings.linksPath();
    URI at =
        URI.create((tls ? "wss://" : "ws://") + settings.host() + ":" + settings.port() + path);
    UnderWay underWay = new UnderWay();
    WebSocketTransport transport =
        new WebSocketTransport(settings.options())
            .sharing(links -> new Gateway(links, settings, underWay));
    ServerBuilder links =
        Server.at(at)
            .root(settings.root())
            .limits(settings.linkLimits())
            .crowd(settings.crowd())
            .transport(transport);
    if (settings.authenticator() != null) {
      links.authenticator(settings.authenticator());
    }
    Server server;
    try {
      server = links.start();
    } catch (IOException e) {
      String inItsWords = String.valueOf(e.getMessage());
      throw new IOException(
          inItsWords.replace(at.toString(), uri(settings, settings.port()).toString()), e);
    }
    return new Rest(underWay, server, uri(settings, server.uri().getPort()), settings.grace());
  }

  private static URI uri(RestBuilder settings, int port) {
    boolean tls = settings.options().tls() != null;
    return URI.create((tls ? "https://" : "http://") + settings.host() + ":" + port + "/");
  }

  /** Where it listens, with the port that it really has. */
  public URI uri() {
    return uri;
  }

  /** The peers that are linked to it, and where they are. */
  public Server links() {
    return server;
  }

  /** How many requests are being answered. */
  public int underWay() {
    return underWay.count();
  }

  /**
   * Waits until it is closed.
   *
   * @throws InterruptedException if interrupted while waiting
   */
  public void awaitStop() throws InterruptedException {
    server.awaitStop();
  }

  /**
   * Answers new requests by 503, waits for those under way as long as the grace allows, cuts off
   * what is left, tells the links, and ends. An interrupt cuts off at once.
   */
  @Override
  public void close() {
    try {
      underWay.stop(grace);
      underWay.awaitIdle(Duration.ofSeconds(1)); // for the last words of what was cut off
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.close();
  }

  @Override
  public String toString() {
    return "root at " + uri;
  }
}
