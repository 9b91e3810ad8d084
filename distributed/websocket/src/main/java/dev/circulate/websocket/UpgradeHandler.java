package dev.circulate.websocket;

import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/**
 * Turns the requests for a WebSocket at one path into links, but for those of pages that may not
 * come, which a browser leaves to the server to refuse. Leaves all other paths alone.
 */
final class UpgradeHandler extends Handler.Abstract {
  private final ServerWebSocketContainer container;
  private final String path;
  private final OriginPolicy origins;
  private final WebSocketOptions options;
  private final Consumer<WebSocketLink> opened;

  private UpgradeHandler(
      ServerWebSocketContainer container,
      String path,
      OriginPolicy origins,
      WebSocketOptions options,
      Consumer<WebSocketLink> opened) {
    this.container = container;
    this.path = path;
    this.origins = origins;
    this.options = options;
    this.opened = opened;
  }

  /**
   * A handler of a server's.
   *
   * @param uri where the links come: its host is what the server is bound to
   * @param opened gets each link
   */
  static UpgradeHandler of(
      Server server, URI uri, WebSocketOptions options, Consumer<WebSocketLink> opened) {
    ServerWebSocketContainer container = ServerWebSocketContainer.ensure(server);
    container.setIdleTimeout(Duration.ZERO); // a silent peer is the session's business
    return new UpgradeHandler(
        container, path(uri), options.origins().boundTo(uri.getHost()), options, opened);
  }

  private static String path(URI uri) {
    String path = HttpURI.from(uri).getCanonicalPath();
    return path == null || path.isEmpty() ? "/" : path;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!path.equals(Request.getPathInContext(request))) {
      return false;
    }
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    if (!origins.admits(origin, request.getHeaders().get(HttpHeader.HOST))) {
      refuse(response, callback, "pages of " + origin + " may not connect here");
      return true;
    }
    String peer =
        "client %s:%d".formatted(Request.getRemoteAddr(request), Request.getRemotePort(request));
    return container.upgrade(
        (_, _, _) -> new JettySocket(peer, options, opened), request, response, callback);
  }

  private static void refuse(Response response, Callback callback, String why) {
    response.setStatus(HttpStatus.FORBIDDEN_403);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    Content.Sink.write(response, true, why, callback);
  }
}
