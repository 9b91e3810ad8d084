package dev.circulate.websocket;

import dev.circulate.runtime.Distrust;
import dev.circulate.runtime.Link;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Connects to servers, and says in words why it could not. */
final class WebSocketClient {
  /** Serves everybody who brings no trust of their own: a client costs a thread. */
  private static final class Shared {
    static final HttpClient CLIENT = builder().build();
  }

  private static final Duration LONGEST = Duration.ofDays(365);

  private final WebSocketOptions options;
  private @Nullable HttpClient own;

  WebSocketClient(WebSocketOptions options) {
    this.options = options;
  }

  private static HttpClient.Builder builder() {
    return HttpClient.newBuilder().executor(Executors.newVirtualThreadPerTaskExecutor());
  }

  private synchronized HttpClient http() {
    if (options.tls() == null) {
      return Shared.CLIENT;
    }
    if (own == null) {
      own = builder().sslContext(options.tls()).build();
    }
    return own;
  }

  Link connect(URI uri) throws IOException, InterruptedException {
    JdkSocket socket = new JdkSocket(uri.toString(), options);
    CompletableFuture<WebSocket> connecting =
        http().newWebSocketBuilder().connectTimeout(patience()).buildAsync(uri, socket);
    try {
      connecting.get();
      return socket.link().start();
    } catch (ExecutionException e) {
      throw refused(uri, Objects.requireNonNullElse(e.getCause(), e));
    } catch (InterruptedException e) {
      var _ = connecting.thenAccept(WebSocket::abort);
      throw e;
    }
  }

  /** The JDK reckons when that will be, which there has to be a year for. */
  private Duration patience() {
    Duration wanted = options.connectTimeout();
    return wanted.compareTo(LONGEST) < 0 ? wanted : LONGEST;
  }

  private IOException refused(URI uri, Throwable why) {
    String words =
        switch (why) {
          case WebSocketHandshakeException handshake ->
              "the server there answered with HTTP status "
                  + handshake.getResponse().statusCode()
                  + ", not with a WebSocket";
          case HttpTimeoutException _ ->
              "no answer within " + options.connectTimeout().toMillis() + " ms";
          case ConnectException connect ->
              connect.getCause() instanceof UnresolvedAddressException
                  ? "no address is known of host '" + uri.getHost() + "'"
                  : "nobody answers there" + detail(connect);
          case SSLException tls -> Distrust.words(tls, uri.getHost()) + detail(tls);
          default ->
              "what answers there is not a WebSocket server"
                  + (WebSocketTransport.isSecure(uri)
                      ? ""
                      : "; if it speaks TLS, the scheme is wss")
                  + detail(why);
        };
    return new IOException("cannot connect to " + uri + ": " + words, why);
  }

  private static String detail(Throwable why) {
    for (Throwable each = why; each != null; each = each.getCause()) {
      if (each.getMessage() != null) {
        return " (" + each.getMessage() + ")";
      }
    }
    return " (" + why.getClass().getSimpleName() + ")";
  }
}
