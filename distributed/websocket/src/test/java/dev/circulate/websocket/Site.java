package dev.circulate.websocket;

import static java.util.Objects.requireNonNull;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.runtime.Link;
import dev.circulate.runtime.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;

/** A real server on a free port of this machine, and links to it from both sides. */
final class Site implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  final WebSocketTransport transport;
  final Transport.Listener listener;
  private final Channel<Link> accepted = Csp.chan(Csp.unbounded());

  /** A link as its client and its server hold it. */
  record Ends(Link client, Link server) {}

  /** A server with these options, for a field of a test. */
  static Site open(WebSocketOptions options) {
    try {
      return new Site(options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Site() throws IOException {
    this(WebSocketOptions.DEFAULTS);
  }

  Site(WebSocketOptions options) throws IOException {
    this("ws", new WebSocketTransport(options));
  }

  Site(String scheme, WebSocketTransport transport) throws IOException {
    this.transport = transport;
    this.listener = transport.listen(URI.create(scheme + "://127.0.0.1:0/csp"), accepted::offer);
  }

  URI uri() {
    return listener.uri();
  }

  Ends connect() throws IOException, InterruptedException {
    return connect(uri());
  }

  Ends connect(URI uri) throws IOException, InterruptedException {
    Link client = transport.connect(uri);
    return new Ends(client, accept());
  }

  /** The server's end of the link that was made next. */
  Link accept() throws InterruptedException {
    return requireNonNull(accepted.poll(PATIENCE), "no link was accepted");
  }

  @Override
  public void close() {
    listener.close();
  }
}
