package dev.circulate.websocket;

import dev.circulate.runtime.Frame;
import java.lang.ref.WeakReference;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of a WebSocket. The JDK calls it one call at a time, with a part of a message
 * for each {@code request}, knows no limit for a message, and answers pings and closes itself.
 */
final class JdkSocket implements WebSocket.Listener, Socket {
  private final WebSocketLink link;
  private final Assembly message;
  private volatile @Nullable WebSocket webSocket;

  /**
   * A socket that is not connected yet.
   *
   * @param peer whom it will be connected to, in words
   */
  JdkSocket(String peer, WebSocketOptions options) {
    this.link = new WebSocketLink(peer, this);
    this.message = new Assembly(options, this::tooLong);
  }

  WebSocketLink link() {
    return link;
  }

  private WebSocket webSocket() {
    return Objects.requireNonNull(webSocket, "not connected yet");
  }

  // ---- what the JDK calls

  @Override
  public void onOpen(WebSocket webSocket) {
    this.webSocket = webSocket;
    webSocket.request(1);
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
    arrived(message.add(part, last));
    webSocket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer part, boolean last) {
    arrived(message.add(part, last));
    webSocket.request(1);
    return null;
  }

  private void arrived(@Nullable Frame whole) {
    if (whole != null) {
      link.arrived(whole);
    }
  }

  /** What still comes is read, so that the peer's close is seen. */
  private void tooLong(String how) {
    sendClose(TOO_BIG_FROM_CLIENT, how);
    link.tooLong(how);
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int status, String reason) {
    link.closedByPeer(status, reason);
    link.finished();
    abortLater(new WeakReference<>(webSocket));
    return null;
  }

  /** Should the JDK's own close not get through; one that did is not kept for this. */
  private static void abortLater(WeakReference<WebSocket> closing) {
    CompletableFuture.delayedExecutor(WebSocketLink.CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              WebSocket open = closing.get();
              if (open != null) {
                open.abort();
              }
            });
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    link.failed(error);
    link.finished();
  }

  // ---- what the link calls

  @Override
  public CompletionStage<?> send(Frame frame) {
    return switch (frame) {
      case Frame.Text(String whole) -> webSocket().sendText(whole, true);
      case Frame.Binary(byte[] bytes) -> webSocket().sendBinary(ByteBuffer.wrap(bytes), true);
    };
  }

  @Override
  public void sendClose(int status, String reason) {
    var _ = webSocket().sendClose(status, reason);
  }

  @Override
  public void disconnect() {
    webSocket().abort();
  }
}
