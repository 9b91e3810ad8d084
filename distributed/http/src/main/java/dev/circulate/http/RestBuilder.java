package dev.circulate.http;

import dev.circulate.WritePort;
import dev.circulate.runtime.Authenticator;
import dev.circulate.runtime.Limits;
import dev.circulate.runtime.ServerLimits;
import dev.circulate.service.Call;
import dev.circulate.service.Request;
import dev.circulate.websocket.OriginPolicy;
import dev.circulate.websocket.WebSocketOptions;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What can be set for a root over HTTP; {@link #start} serves it. {@link Rest#serve} makes one.
 *
 * {@snippet :
 * Rest rest =
 *     Rest.serve(root)
 *         .port(8080)
 *         .links("/csp")
 *         .authenticator(Authenticator.bearer(tokens::get))
 *         .allowOrigins("https://app.example")
 *         .start();
 * }
 *
 * <p>Unless told otherwise: port 8080 of localhost, under that name, no links, nobody is asked who
 * it is, no page of another origin may ask, a body has at most 1 MiB, an answer may take 30 seconds
 * and a caller may ask for at most 5 minutes, and a stop waits 10 seconds.
 *
 * <p><b>Threads.</b> For one thread.
 */
public final class RestBuilder {
  private static final Duration LONGEST = Duration.ofDays(36_525);

  private final WritePort<Request> root;
  private String host = "localhost";
  private int port = 8080;
  private @Nullable String linksPath;
  private Limits linkLimits = Limits.DEFAULTS;
  private ServerLimits crowd = ServerLimits.DEFAULTS;
  private WebSocketOptions options = WebSocketOptions.DEFAULTS;
  private @Nullable Authenticator authenticator;
  private List<String> headers = List.of();
  private int bodyLimit = 1 << 20;
  private Duration defaultTimeout = Call.DEFAULT_LIMIT;
  private Duration longestTimeout = Duration.ofMinutes(5);
  private Duration beat = Duration.ofSeconds(10);
  private Duration grace = Duration.ofSeconds(10);

  RestBuilder(WritePort<Request> root) {
    this.root = Objects.requireNonNull(root, "root");
  }

  private RestBuilder(RestBuilder other) {
    this.root = other.root;
    this.host = other.host;
    this.port = other.port;
    this.linksPath = other.linksPath;
    this.linkLimits = other.linkLimits;
    this.crowd = other.crowd;
    this.options = other.options;
    this.authenticator = other.authenticator;
    this.headers = other.headers;
    this.bodyLimit = other.bodyLimit;
    this.defaultTimeout = other.defaultTimeout;
    this.longestTimeout = other.longestTimeout;
    this.beat = other.beat;
    this.grace = other.grace;
  }

  /**
   * Sets the address to bind to: {@code 0.0.0.0} for all of this machine's.
   *
   * @param host a name or an address
   */
  public RestBuilder host(String host) {
    String inUri = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    if (!isHost(inUri)) {
      throw new IllegalArgumentException(
          "a host is a name or an address, as it stands in a URI, not '" + host + "'");
    }
    this.host = inUri;
    return this;
  }

  private static boolean isHost(String text) {
    try {
      return text.equals(new URI("ws://" + text + "/").getHost());
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /**
   * Sets the port.
   *
   * @param port 0 takes a free one, which {@link Rest#uri()} tells
   */
  public RestBuilder port(int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("a port is between 0 and 65535, not " + port);
    }
    this.port = port;
    return this;
  }

  /**
   * Accepts links over WebSocket at the same port: peers find the same root there. An authenticator
   * is asked about them as well.
   *
   * @param path where, such as {@code /csp}
   */
  public RestBuilder links(String path) {
    return links(path, Limits.DEFAULTS);
  }

  /**
   * Accepts links over WebSocket at the same port.
   *
   * @param path where, such as {@code /csp}
   * @param limits what a peer may demand
   */
  public RestBuilder links(String path, Limits limits) {
    if (!isPath(path) || path.equals("/")) {
      throw new IllegalArgumentException("the path of the links is like /csp, not '" + path + "'");
    }
    if (Gateway.answersAt(URI.create(path).getPath())) {
      throw new IllegalArgumentException("commands or the page are at '" + path + "': no links");
    }
    linksPath = path;
    linkLimits = Objects.requireNonNull(limits, "limits");
    return this;
  }

  private static boolean isPath(String text) {
    try {
      URI uri = new URI(text);
      return text.startsWith("/") && text.equals(uri.normalize().getRawPath());
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /**
   * Sets what all peers that are linked may demand together. Requests over HTTP are not counted.
   *
   * @param limits the bounds; {@link ServerLimits#DEFAULTS} unless set
   */
  public RestBuilder crowd(ServerLimits limits) {
    this.crowd = Objects.requireNonNull(limits, "limits");
    return this;
  }

  /**
   * Serves over TLS: {@code https}, and {@code wss} for links.
   *
   * @param tls with the server's certificate
   */
  public RestBuilder tls(SSLContext tls) {
    options = options.withTls(tls);
    return this;
  }

  /**
   * Asks who a caller is, before anything is answered but the page itself, which tells nothing: for
   * each request by its header {@code Authorization}, for each link by its hello.
   *
   * @param authenticator how to find out
   */
  public RestBuilder authenticator(Authenticator authenticator) {
    this.authenticator = Objects.requireNonNull(authenticator, "authenticator");
    return this;
  }

  /**
   * Lets pages of other origins ask (CORS). Cookies and passwords that a browser keeps are not sent
   * by such pages; tokens that they set themselves are.
   *
   * @param origins as {@code https://app.example}; {@code *} lets all
   */
  public RestBuilder allowOrigins(String... origins) {
    return origins(options.origins().allowing(origins));
  }

  /**
   * Lets pages of {@linkplain #allowOrigins other origins} set further fields of the header, beside
   * {@code Authorization}, {@code Content-Type} and {@code Request-Timeout}: those that the
   * authenticator looks at.
   *
   * @param names as {@code X-Api-Key}
   */
  public RestBuilder allowHeaders(String... names) {
    this.headers = List.of(names);
    return this;
  }

  /**
   * Sets under which names the server is asked, beside {@code localhost}, {@code 127.0.0.1}, {@code
   * [::1]} and its {@linkplain #host host}: behind a proxy that passes on the {@code Host} it came
   * with, the proxy's. Requests under other names are answered by 421, since a page of any name can
   * have that name lead here. Unless this is set, a server that is bound to more than the loopback
   * answers under all names.
   *
   * @param hosts as {@code app.example}, without a port; {@code *} is any
   */
  public RestBuilder hosts(String... hosts) {
    return origins(options.origins().knownAs(hosts));
  }

  private RestBuilder origins(OriginPolicy origins) {
    options = options.withOrigins(origins);
    return this;
  }

  /**
   * Sets how long a body may be.
   *
   * @param bytes at least 1; a longer one is answered by 413
   */
  public RestBuilder bodyLimit(int bytes) {
    if (bytes < 1 || bytes == Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a body's limit is at least 1 byte and less than 2 GiB, not " + bytes);
    }
    bodyLimit = bytes;
    return this;
  }

  /**
   * Sets how long an answer may take.
   *
   * @param unlessTold for a request that says nothing of it
   * @param longest what a request may ask for, in its header {@code Request-Timeout}
   */
  public RestBuilder timeouts(Duration unlessTold, Duration longest) {
    defaultTimeout = requireBounded(unlessTold, "timeout");
    longestTimeout = requireBounded(longest, "timeout");
    return this;
  }

  /**
   * Sets how often something is written to a stream, at least: an empty line or a comment when no
   * value came. Shorter finds sooner that a client is gone.
   *
   * @param beat longer than zero
   */
  public RestBuilder beat(Duration beat) {
    this.beat = requireBounded(beat, "beat");
    return this;
  }

  /**
   * Sets how long {@link Rest#close()} waits for what is under way.
   *
   * @param grace longer than zero
   */
  public RestBuilder grace(Duration grace) {
    this.grace = requireBounded(grace, "grace");
    return this;
  }

  private static Duration requireBounded(Duration duration, String what) {
    if (!duration.isPositive()) {
      throw new IllegalArgumentException("a " + what + " is longer than zero, not " + duration);
    }
    if (duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("a " + what + " is at most 100 years, not " + duration);
    }
    return duration;
  }

  /**
   * Starts to serve.
   *
   * @throws IOException if that is not possible, for example because the port is taken; the message
   *     names the address and says why
   */
  public Rest start() throws IOException {
    return Rest.start(new RestBuilder(this));
  }

  // ---- what was set

  WritePort<Request> root() {
    return root;
  }

  String host() {
    return host;
  }

  int port() {
    return port;
  }

  /** The path of the links as it stands in a URI; null if there are none. */
  @Nullable String linksPath() {
    return linksPath;
  }

  Limits linkLimits() {
    return linkLimits;
  }

  ServerLimits crowd() {
    return crowd;
  }

  WebSocketOptions options() {
    return options;
  }

  @Nullable Authenticator authenticator() {
    return authenticator;
  }

  /** Which pages may ask, by what the server is bound to. */
  OriginPolicy origins() {
    return options.origins().boundTo(host);
  }

  List<String> headers() {
    return headers;
  }

  int bodyLimit() {
    return bodyLimit;
  }

  Duration defaultTimeout() {
    return defaultTimeout;
  }

  Duration longestTimeout() {
    return longestTimeout;
  }

  Duration beat() {
    return beat;
  }

  Duration grace() {
    return grace;
  }
}
