package dev.circulate.websocket;

import dev.circulate.Csp;
import dev.circulate.runtime.Link;
import dev.circulate.runtime.Transport;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.DefaultHandler;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * A Jetty server on one port. What it serves is a sequence of handlers, each of which answers a
 * request or leaves it to the next: the links' {@link UpgradeHandler}, with what shares the port
 * around it, and a 404 last.
 */
final class WebSocketListener implements Transport.Listener {
  /** One accepts connections, another waits for what comes over them. */
  private static final int LEAST_LISTENING = 2;

  private static final int MOST_LISTENING = 8;

  private final Server server;
  private final ServerConnector connector;
  private final URI uri;
  private final Consumer<? super Link> accept;
  private final Set<WebSocketLink> links = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private WebSocketListener(
      URI uri, WebSocketOptions options, UnaryOperator<Handler> port, Consumer<? super Link> accept)
      throws IOException {
    this.accept = accept;
    this.server = new Server(threads());
    server.setStopTimeout(0);
    this.connector = connector(uri, options);
    server.addConnector(connector);
    server.setHandler(
        new Handler.Sequence(
            port.apply(UpgradeHandler.of(server, uri, options, this::opened)),
            new DefaultHandler(false, false)));
    start(uri);
    this.uri = withPort(uri, connector.getLocalPort());
  }

  static WebSocketListener open(
      URI uri, WebSocketOptions options, UnaryOperator<Handler> port, Consumer<? super Link> accept)
      throws IOException {
    return new WebSocketListener(uri, options, port, accept);
  }

  /**
   * What may wait runs in virtual threads, without a limit: a link whose frames nobody takes keeps
   * one waiting. Who listens to the connections is a thread of the system's: a virtual one would
   * have to be woken by yet another.
   */
  private static ThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(MOST_LISTENING, LEAST_LISTENING);
    threads.setName("websocket listener");
    threads.setDaemon(true);
    threads.setReservedThreads(0);
    threads.setVirtualThreadsExecutor(new VirtualThreadPool(0));
    return threads;
  }

  private ServerConnector connector(URI uri, WebSocketOptions options) throws IOException {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    HttpConnectionFactory http = new HttpConnectionFactory(configuration);
    ServerConnector connector =
        WebSocketTransport.isSecure(uri)
            ? new ServerConnector(server, 1, 1, tls(uri, options.tls()), http)
            : new ServerConnector(server, 1, 1, http);
    String host = uri.getHost();
    connector.setHost(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
    connector.setPort(port(uri));
    return connector;
  }

  private static SslConnectionFactory tls(URI uri, @Nullable SSLContext context)
      throws IOException {
    if (context == null) {
      throw new IOException(
          "cannot listen at "
              + uri
              + ": wss needs a certificate, in the tls of the WebSocketOptions");
    }
    SslContextFactory.Server factory = new SslContextFactory.Server();
    factory.setSslContext(context);
    return new SslConnectionFactory(factory, "http/1.1");
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return WebSocketTransport.isSecure(uri) ? 443 : 80;
  }

  private static URI withPort(URI uri, int port) {
    try {
      return new URI(
          uri.getScheme(), null, uri.getHost(), port, uri.getPath(), uri.getQuery(), null);
    } catch (URISyntaxException e) {
      throw new AssertionError(uri + " was a URI before", e);
    }
  }

  private void start(URI uri) throws IOException {
    try {
      aside("begin of listener at " + uri, server::start);
    } catch (CompletionException e) {
      stop();
      Throwable why = Objects.requireNonNullElse(e.getCause(), e);
      Throwable cause = Objects.requireNonNullElse(why.getCause(), why);
      throw new IOException("cannot listen at " + uri + ": " + cause.getMessage(), why);
    }
  }

  private void stop() {
    aside("end of listener", () -> LifeCycle.stop(server));
  }

  /** What Jetty does by itself, and leaves off half-way if its thread is interrupted. */
  @FunctionalInterface
  private interface Task {
    void run() throws Exception;
  }

  /** Does it in a thread of its own, and waits for it; an interrupt waits as well. */
  private static void aside(String name, Task task) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.ofVirtual()
        .name(name)
        .start(
            () -> {
              try {
                task.run();
                done.complete(null);
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            });
    done.join();
  }

  private void opened(WebSocketLink link) {
    links.add(link);
    Csp.go("accept " + link.peer(), () -> serve(link));
    if (closed) {
      link.close();
    }
  }

  private void serve(WebSocketLink link) throws InterruptedException {
    try {
      accept.accept(link);
    } catch (Throwable e) {
      link.abandon("the server failed to accept the link");
      throw e;
    } finally {
      link.ended().take();
      links.remove(link);
    }
  }

  @Override
  public URI uri() {
    return uri;
  }

  @Override
  public void close() {
    closed = true;
    connector.close();
    links.forEach(WebSocketLink::close);
    try {
      for (WebSocketLink link : links) {
        link.ended().take(); // no longer than WebSocketLink.CLOSE_TIMEOUT
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    stop();
  }

  @Override
  public String toString() {
    return "listener at " + uri;
  }
}
