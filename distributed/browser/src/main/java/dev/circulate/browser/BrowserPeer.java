package dev.circulate.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.List;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.resource.Resource;
import org.eclipse.jetty.util.resource.ResourceFactory;

/**
 * Serves the JavaScript module with which a page becomes a peer, at the port at which its links
 * arrive.
 *
 * {@snippet :
 * var transport = new WebSocketTransport().sharing(BrowserPeer.pages(Dashboard.class, "web"));
 * URI uri = URI.create("ws://localhost:8080/csp");
 * try (Server server = Server.at(uri).transport(transport).root(root).start()) {
 *   server.awaitStop();
 * }
 * }
 *
 * <p>A page then imports it:
 *
 * <pre>{@code
 * <script type="module">
 *   import { ask, chan, connect, sliding } from "/circulate.js";
 *   const peer = await connect(`ws://${location.host}/csp`);
 * </script>
 * }</pre>
 *
 * <p>The module is made by npm when this library is built. A jar that was built where there was no
 * Node has none: {@link #isAvailable()} tells, and all else here throws an {@link
 * IllegalStateException} that says so.
 */
public final class BrowserPeer {
  /** Where the module is served. */
  public static final String PATH = "/circulate.js";

  private static final String MODULE = "circulate.js";

  private BrowserPeer() {}

  /** Whether the module is there: this library was built where there was a Node. */
  public static boolean isAvailable() {
    return BrowserPeer.class.getResource(MODULE) != null;
  }

  /**
   * The module's text, for who serves it by other means.
   *
   * @throws IllegalStateException if it is not there
   */
  public static byte[] module() {
    return bytes(MODULE);
  }

  /**
   * A handler that answers requests for the module, and leaves all others alone.
   *
   * @throws IllegalStateException if the module is not there
   */
  public static Handler handler() {
    return new ModuleHandler(
        List.of(
            new ModuleHandler.Part(PATH, "text/javascript; charset=utf-8", module()),
            new ModuleHandler.Part(PATH + ".map", "application/json", bytes(MODULE + ".map"))));
  }

  /**
   * A handler that answers requests for the module beside another: {@code new
   * WebSocketTransport().sharing(BrowserPeer::beside)}.
   *
   * @param links what comes first
   * @throws IllegalStateException if the module is not there
   */
  public static Handler beside(Handler links) {
    return new Handler.Sequence(links, handler());
  }

  /**
   * What shares the port of the links with the module and a folder of pages, for {@link
   * dev.circulate.websocket.WebSocketTransport#sharing}.
   *
   * @param anchor a class of the program's
   * @param folder a folder beside that class, on the class path; {@code index.html} in it is the
   *     page at {@code /}
   * @throws IllegalArgumentException if there is no such folder
   * @throws IllegalStateException if the module is not there
   */
  public static UnaryOperator<Handler> pages(Class<?> anchor, String folder) {
    URL there = anchor.getResource(folder);
    if (there == null) {
      throw new IllegalArgumentException("there is no folder '" + folder + "' beside " + anchor);
    }
    Resource base = ResourceFactory.root().newResource(there);
    return links -> {
      ResourceHandler pages = new ResourceHandler();
      pages.setBaseResource(base);
      pages.setDirAllowed(false);
      pages.setCacheControl("no-cache");
      return new Handler.Sequence(links, handler(), pages);
    };
  }

  private static byte[] bytes(String name) {
    try (InputStream in = BrowserPeer.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(
            "this circulate-browser has no JavaScript module: it was built where there was no"
                + " Node");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
