package dev.circulate.examples;

import dev.circulate.browser.BrowserPeer;
import dev.circulate.runtime.Server;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.Visibility;
import dev.circulate.websocket.WebSocketTransport;
import java.io.IOException;
import java.net.URI;

/** Serves a folder of pages, and the service that they talk to, at one port. */
final class PageServer {
  private PageServer() {}

  /**
   * Begins to serve.
   *
   * @param name of the folder beside this class, and of the service
   * @param commands what the service answers to
   */
  static Server start(String name, Object commands) throws IOException {
    return Server.at(URI.create("ws://127.0.0.1:0/csp"))
        .transport(new WebSocketTransport().sharing(BrowserPeer.pages(PageServer.class, name)))
        .root(Root.named(name).add(name, Service.of(commands), Visibility.PUBLIC))
        .start();
  }

  /** Says where the page is, and waits for Enter, or for ever where there is no console. */
  static void serveUntilEnter(Server server) throws IOException, InterruptedException {
    try (server) {
      IO.println("open http://127.0.0.1:%d/, end with Enter".formatted(server.uri().getPort()));
      if (System.in.read() < 0) {
        server.awaitStop();
      }
    }
  }
}
