package dev.circulate.http;

import dev.circulate.InterruptedScopeException;
import dev.circulate.ScopeFailedException;
import dev.circulate.WritePort;
import dev.circulate.internal.Uncaught;
import dev.circulate.runtime.Authenticator;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Origin;
import dev.circulate.service.Request;
import dev.circulate.websocket.OriginPolicy;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The way of a request: is it from a page that may ask, what is it for, who asks, and then the
 * answer. What it wraps opens links, for requests that come through the same gates.
 */
final class Gateway extends Handler.Wrapper {
  /** The header that says how many seconds the caller waits. */
  static final String TIMEOUT = "Request-Timeout";

  private static final List<String> ALLOWED_HEADERS =
      List.of("Content-Type", "Authorization", TIMEOUT);

  /** A slash or a percent sign in a name is told from one of the path: no file is behind it. */
  private static final UriCompliance NAMES_IN_PATHS =
      UriCompliance.DEFAULT.with(
          "names in paths",
          UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
          UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING);

  private static final String DOCUMENT = "/openapi.json";
  private static final String SERVICES = "/services";
  private static final String EXPOSED_HEADERS = "Retry-After, WWW-Authenticate, Allow";
  private static final Authenticator NOBODY = _ -> null;

  /** Of a page of this server's, and of nobody's page: what a person entered. */
  private static final List<String> OWN_SITES = List.of("same-origin", "none");

  private static final List<String> READ = List.of("GET", "HEAD");

  private final RestBuilder settings;
  private final WritePort<Request> root;
  private final OriginPolicy origins;

  /** Decoded; null if there are no links. */
  private final @Nullable String linksPath;

  private final UnderWay underWay;

  /**
   * A gateway.
   *
   * @param links opens links
   * @param settings what it serves, and how
   * @param underWay counts what it answers
   */
  Gateway(Handler links, RestBuilder settings, UnderWay underWay) {
    super(links);
    this.settings = settings;
    this.root = settings.root();
    this.origins = settings.origins();
    this.linksPath =
        settings.linksPath() == null ? null : URI.create(settings.linksPath()).getPath();
    this.underWay = underWay;
  }

  /** Whether a path, decoded, is one of its own, so that nothing else can be there. */
  static boolean answersAt(String path) {
    return Page.at(path) != null
        || path.equals(DOCUMENT)
        || path.equals(SERVICES)
        || path.startsWith(SERVICES + "/");
  }

  @Override
  protected void doStart() throws Exception {
    getServer().setErrorHandler(new ServerErrors());
    getServer()
        .getContainedBeans(HttpConfiguration.class)
        .forEach(http -> http.setUriCompliance(NAMES_IN_PATHS));
    super.doStart();
  }

  @Override
  public boolean handle(
      org.eclipse.jetty.server.Request request, Response response, Callback callback)
      throws Exception {
    boolean begun = underWay.begin();
    Exchange exchange =
        new Exchange(request, response, begun ? Callback.from(callback, underWay::end) : callback);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    try {
      if (admits(exchange)) {
        if (!begun) {
          throw new ProblemException(Problem.stopping());
        }
        route(exchange);
      }
    } catch (Throwable e) { // whatever it is, the exchange comes to an end
      fail(exchange, e);
    }
    return true;
  }

  private void fail(Exchange exchange, Throwable why) {
    boolean isGone = why instanceof IOException; // while it sent its body
    if (isGone || exchange.response().isCommitted()) {
      exchange.callback().failed(why); // which cuts the connection: nothing else can be said
    } else {
      exchange.endUnlessRead();
      try {
        exchange.problem(problem(exchange, why));
      } catch (Throwable e) { // of what the authenticator says that a caller should show
        exchange.problem(ofGateway(exchange, e));
      }
    }
  }

  private static Problem ofGateway(Exchange exchange, Throwable why) {
    Uncaught.report("the gateway, asked by " + exchange.client(), why);
    return Problem.of(new CallError.Internal("the gateway failed: " + why.getClass().getName()));
  }

  private Problem problem(Exchange exchange, Throwable why) {
    return switch (why) {
      case ProblemException known -> known.problem();
      case CallException known when known.error() instanceof CallError.Unauthenticated ->
          Problem.of(known.error()).challenging(challenge());
      case CallException known -> Problem.of(known.error());
      case InterruptedException _, InterruptedScopeException _ -> Problem.stopping();
      case ScopeFailedException several when several.getCause() != null ->
          problem(exchange, several.getCause());
      case RuntimeException refused when refused instanceof HttpException http ->
          Problem.ofServer(http.getCode(), http.getReason());
      default -> ofGateway(exchange, why);
    };
  }

  // ---- the gates

  /** Lets a request in, unless that was all that it asked for. */
  private boolean admits(Exchange exchange) {
    String host = exchange.header("Host");
    if (!origins.knows(host)) {
      throw new ProblemException(Problem.misdirected(String.valueOf(host)));
    }
    String origin = exchange.header("Origin");
    if (!origins.admits(origin, host)) {
      throw new ProblemException(Problem.crossOrigin(String.valueOf(origin)));
    }
    if (!origins.origins().isEmpty()) {
      exchange.response().getHeaders().put(HttpHeader.VARY, "Origin");
    }
    if (origin != null && origins.allows(origin)) {
      HttpFields.Mutable answered = exchange.response().getHeaders();
      answered.put("Access-Control-Allow-Origin", origin);
      answered.put("Access-Control-Expose-Headers", EXPOSED_HEADERS);
      if (isPreflight(exchange)) {
        answered.put("Access-Control-Allow-Methods", "GET, POST");
        answered.put("Access-Control-Allow-Headers", String.join(", ", allowedHeaders()));
        answered.put("Access-Control-Max-Age", "600");
        exchange.nothing(204);
        return false;
      }
    }
    return true;
  }

  private static boolean isPreflight(Exchange exchange) {
    return exchange.method().equals("OPTIONS")
        && exchange.header("Access-Control-Request-Method") != null;
  }

  private List<String> allowedHeaders() {
    return Stream.concat(ALLOWED_HEADERS.stream(), settings.headers().stream()).toList();
  }

  private void route(Exchange exchange) throws Exception {
    Page page = Page.at(exchange.path());
    if (page != null) { // it says nothing of the services
      requireRead(exchange);
      page.answer(exchange);
      return;
    }
    if (exchange.path().equals(linksPath)) { // its hello says who it is
      if (!super.handle(exchange.request(), exchange.response(), exchange.callback())) {
        throw new ProblemException(Problem.upgradeRequired(exchange.path()));
      }
      return;
    }
    requireOwnSite(exchange);
    String identity = identity(exchange);
    Invocation invocation =
        Invocation.of(
            root,
            new Origin.Remote(exchange.client(), identity),
            limit(exchange),
            underWay.cutOff());
    List<String> segments = exchange.segments();
    if (exchange.path().equals(DOCUMENT)) {
      requireRead(exchange);
      exchange.answer(Form.JSON, openApi(invocation));
    } else if (exchange.path().equals(SERVICES)) {
      requireRead(exchange);
      exchange.answer(Form.JSON, Catalog.data(Catalog.of(invocation)));
    } else if (segments.size() == 3 && segments.getFirst().equals("services")) {
      new CommandCall(exchange, invocation, settings, segments.get(1), segments.get(2)).answer();
    } else {
      throw new ProblemException(Problem.notFound(exchange.path()));
    }
  }

  private @Nullable String identity(Exchange exchange) throws InterruptedException {
    Authenticator authenticator = settings.authenticator();
    if (authenticator == null) {
      return null;
    }
    String identity;
    try {
      identity = authenticator.identify(exchange);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      Uncaught.report("the authenticator, asked about " + exchange.client(), e);
      throw new CallException(new CallError.Internal("it cannot be found out who you are"));
    }
    if (identity == null) {
      throw new ProblemException(Problem.unauthenticated().challenging(challenge()));
    }
    return identity;
  }

  /** What a caller should show; a service may ask for it though the gateway does not. */
  private String challenge() {
    return Objects.requireNonNullElse(settings.authenticator(), NOBODY).challenge();
  }

  /**
   * An image, a script or a link of another page says no origin, but that it is of another site.
   */
  private void requireOwnSite(Exchange exchange) {
    String site = exchange.header("Sec-Fetch-Site");
    boolean isOther = site != null && !OWN_SITES.contains(site);
    if (isOther && exchange.header("Origin") == null && !origins.allowsAll()) {
      throw new ProblemException(Problem.crossOrigin("another site"));
    }
  }

  private static void requireRead(Exchange exchange) {
    if (!READ.contains(exchange.method())) {
      throw new ProblemException(
          Problem.methodNotAllowed(exchange.method(), exchange.path(), READ));
    }
  }

  private Duration limit(Exchange exchange) {
    String text = exchange.header(TIMEOUT);
    if (text == null) {
      return settings.defaultTimeout();
    }
    BigDecimal longest = BigDecimal.valueOf(settings.longestTimeout().toNanos(), 9);
    try {
      BigDecimal seconds = new BigDecimal(text.strip());
      if (seconds.signum() > 0 && seconds.compareTo(longest) <= 0) {
        return Duration.ofNanos(Math.max(1, seconds.movePointRight(9).longValue()));
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new ProblemException(
        Problem.malformedRequest(
            "%s is a number of seconds above 0, at most %s, not '%s'"
                .formatted(TIMEOUT, longest.stripTrailingZeros().toPlainString(), text)));
  }

  // ---- answers

  private Map<String, Object> openApi(Invocation invocation) throws InterruptedException {
    Object name = invocation.ask(root, "name", Map.of());
    Authenticator authenticator = settings.authenticator();
    return new OpenApi(
            String.valueOf(name), authenticator == null ? null : authenticator.challenge())
        .document(Catalog.of(invocation));
  }
}
