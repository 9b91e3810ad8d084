package dev.circulate.benchmarks;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;

/**
 * No library of calls: the least that a question and its answer cost over the WebSockets that ours
 * talks over, the JDK's client and Jetty's server. A number goes there as text and comes back one
 * larger; there is no name, no deadline, no reply channel, no second caller, and nothing is
 * repeated when a connection breaks.
 */
final class BareSocket implements RemotePeer, WebSocket.Listener {
  /** A frame that a thousand callers share is longer than Jetty's own limit. */
  private static final int LONGEST = 1 << 20;

  private final StringBuilder text = new StringBuilder();
  private volatile CompletableFuture<Integer> answer = new CompletableFuture<>();
  private @Nullable WebSocket socket;

  private BareSocket() {}

  /** Answers each number with the one after. Public for Jetty alone. */
  public static final class Incrementing implements Session.Listener.AutoDemanding {
    private @Nullable Session session;

    @Override
    public void onWebSocketOpen(Session session) {
      this.session = session;
    }

    @Override
    public void onWebSocketText(String message) {
      requireNonNull(session)
          .sendText(Integer.toString(Integer.parseInt(message) + 1), Callback.NOOP);
    }
  }

  /** Starts the other side. */
  static RemoteServer serve() throws IOException {
    return serve(Incrementing::new);
  }

  /** Starts a server that listens to each connection as it is told. */
  static RemoteServer serve(Supplier<Session.Listener> listeners) throws IOException {
    Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server.setHandler(
        WebSocketUpgradeHandler.from(
            server,
            container -> {
              container.setMaxTextMessageSize(LONGEST);
              container.setMaxBinaryMessageSize(LONGEST);
              container.addMapping("/numbers", (_, _, _) -> listeners.get());
            }));
    try {
      server.start();
    } catch (Exception e) {
      throw new IOException("the bare server did not start", e);
    }
    return new RemoteServer(
        URI.create("ws://127.0.0.1:" + server.getURI().getPort() + "/numbers"), () -> stop(server));
  }

  private static void stop(Server server) throws IOException {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IOException("the bare server did not stop", e);
    }
  }

  static RemotePeer connect(URI uri) throws IOException, InterruptedException {
    BareSocket peer = new BareSocket();
    peer.socket = connect(uri, peer);
    return peer;
  }

  /** Connects somebody who listens. */
  static WebSocket connect(URI uri, WebSocket.Listener listener)
      throws IOException, InterruptedException {
    try {
      return HttpClient.newBuilder()
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build()
          .newWebSocketBuilder()
          .buildAsync(uri, listener)
          .get();
    } catch (ExecutionException e) {
      throw new IOException("cannot connect to " + uri, e);
    }
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      int value = Integer.parseInt(text, 0, text.length(), 10);
      text.setLength(0);
      answer.complete(value);
    }
    from.request(1);
    return null;
  }

  /** For one caller at a time. */
  @Override
  public int plusOne(int value) throws Exception {
    answer = new CompletableFuture<>();
    requireNonNull(socket).sendText(Integer.toString(value), true).get();
    return answer.get();
  }

  @Override
  public long sent(int values) {
    throw new UnsupportedOperationException("a bare WebSocket has no streams");
  }

  @Override
  public long taken(int values) {
    throw new UnsupportedOperationException("a bare WebSocket has no streams");
  }

  @Override
  public void close() {
    requireNonNull(socket).abort();
  }
}
