package dev.circulate.websocket;

import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/** Turns the requests for a WebSocket at one path into links, and leaves all else alone. */
final class UpgradeHandler extends Handler.Abstract {
  private final ServerWebSocketContainer container;
  private final String path;
  private final Consumer<WebSocketLink> opened;

  private UpgradeHandler(
      ServerWebSocketContainer container, String path, Consumer<WebSocketLink> opened) {
    this.container = container;
    this.path = path;
    this.opened = opened;
  }

  static UpgradeHandler of(
      Server server, String path, WebSocketOptions options, Consumer<WebSocketLink> opened) {
    ServerWebSocketContainer container = ServerWebSocketContainer.ensure(server);
    container.setMaxTextMessageSize(options.maxTextBytes());
    container.setMaxBinaryMessageSize(options.maxBinaryBytes());
    container.setIdleTimeout(Duration.ZERO); // a silent peer is the session's business
    return new UpgradeHandler(container, path, opened);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!path.equals(Request.getPathInContext(request))) {
      return false;
    }
    String peer =
        "client %s:%d".formatted(Request.getRemoteAddr(request), Request.getRemotePort(request));
    return container.upgrade(
        (_, _, _) -> new JettySocket(peer, opened), request, response, callback);
  }
}
