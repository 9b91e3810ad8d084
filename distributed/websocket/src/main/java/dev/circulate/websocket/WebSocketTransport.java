package dev.circulate.websocket;

import dev.circulate.runtime.Addresses;
import dev.circulate.runtime.FrameTooLongException;
import dev.circulate.runtime.Link;
import dev.circulate.runtime.Transport;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.server.Handler;

/**
 * Makes links over WebSocket: {@code ws://host:port/path}, and {@code wss} over TLS.
 *
 * <p>Each message is a frame, text or binary. The path counts: at another path of the same port
 * there is nobody. A listener's host is the address that it binds to; port 0 takes a free one.
 *
 * <p><b>Limits.</b> A message that is longer than {@link WebSocketOptions} allow is not kept in
 * memory beyond the limit: the link is closed with status 1009 (4009 if a client says it, which the
 * JDK does not let say 1009), and its incoming ends with a {@link FrameTooLongException} that says
 * so, which ends the session. <b>Death.</b> A connection that is reset or ends without a close is
 * seen at once; one that has fallen silent is not: heartbeats are the session's business. A text
 * with half a surrogate pair cannot be sent and breaks the link. <b>Pages.</b> A listener refuses
 * links of pages that its {@link OriginPolicy} does not admit: of others than its own origin,
 * unless they are allowed.
 *
 * <p>It is found by the scheme, with the {@linkplain WebSocketOptions#DEFAULTS default options},
 * when it is on the class path. With others it is given:
 *
 * {@snippet :
 * WebSocketTransport tls = new WebSocketTransport(WebSocketOptions.DEFAULTS.withTls(context));
 * Server server = Server.at(URI.create("wss://0.0.0.0:8443/csp")).root(root).transport(tls).start();
 * }
 */
public final class WebSocketTransport implements Transport {
  private static final Set<String> SCHEMES = Set.of("ws", "wss");

  private final WebSocketOptions options;
  private final UnaryOperator<Handler> port;
  private final WebSocketClient client;

  /** A transport with the default options. */
  public WebSocketTransport() {
    this(WebSocketOptions.DEFAULTS);
  }

  /**
   * A transport with options.
   *
   * @param options limits, and keys and trust for TLS
   */
  public WebSocketTransport(WebSocketOptions options) {
    this(options, UnaryOperator.identity());
  }

  private WebSocketTransport(WebSocketOptions options, UnaryOperator<Handler> port) {
    this.options = Objects.requireNonNull(options, "options");
    this.port = port;
    this.client = new WebSocketClient(options);
  }

  /**
   * The same, where whoever listens also serves something else at the same port.
   *
   * @param port makes the handler of the port's requests of the one that answers those for a link
   *     and leaves all others alone; what neither answers is not found. It is called once for each
   *     listener
   */
  public WebSocketTransport sharing(UnaryOperator<Handler> port) {
    return new WebSocketTransport(options, Objects.requireNonNull(port, "port"));
  }

  @Override
  public Set<String> schemes() {
    return SCHEMES;
  }

  @Override
  public Link connect(URI uri) throws IOException, InterruptedException {
    requireWebSocket(uri);
    return client.connect(uri);
  }

  @Override
  public Listener listen(URI uri, Consumer<? super Link> accept) throws IOException {
    requireWebSocket(uri);
    return WebSocketListener.open(uri, options, port, accept);
  }

  static boolean isSecure(URI uri) {
    return uri.getScheme().equalsIgnoreCase("wss");
  }

  private static void requireWebSocket(URI uri) throws IOException {
    String scheme = uri.getScheme();
    if (scheme == null || !SCHEMES.contains(scheme.toLowerCase(Locale.ROOT))) {
      throw notThis(uri, "its scheme is neither ws nor wss");
    }
    if (uri.getHost() == null) {
      throw notThis(uri, "it names no host");
    }
    if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw notThis(uri, "a user or a fragment has no meaning in it");
    }
    if (uri.getPort() > 65_535) {
      throw notThis(uri, "a port is at most 65535");
    }
  }

  private static IOException notThis(URI uri, String why) {
    return new IOException(
        "'%s' is not like ws://host:8080/csp: %s".formatted(Addresses.withoutUser(uri), why));
  }
}
