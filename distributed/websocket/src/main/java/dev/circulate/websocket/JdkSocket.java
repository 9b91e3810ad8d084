package dev.circulate.websocket;

import dev.circulate.runtime.Frame;
import java.io.ByteArrayOutputStream;
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
  private final WebSocketOptions options;
  private final WebSocketLink link;
  private final StringBuilder text = new StringBuilder();
  private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
  private int textBytes;
  private boolean discarding;
  private volatile @Nullable WebSocket webSocket;

  /**
   * A socket that is not connected yet.
   *
   * @param peer whom it will be connected to, in words
   */
  JdkSocket(String peer, WebSocketOptions options) {
    this.options = options;
    this.link = new WebSocketLink(peer, this);
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
    textBytes += utf8Length(part);
    if (textBytes > options.maxTextBytes()) {
      discard("text", options.maxTextBytes());
    }
    if (!discarding) {
      text.append(part);
      if (last) {
        Frame frame = new Frame.Text(text.toString());
        text.setLength(0);
        textBytes = 0;
        link.arrived(frame);
      }
    }
    webSocket.request(1);
    return null;
  }

  /** How many bytes the part has on the wire; the JDK never splits a surrogate pair. */
  private static int utf8Length(CharSequence part) {
    int length = 0;
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return length;
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer part, boolean last) {
    if (binary.size() + part.remaining() > options.maxBinaryBytes()) {
      discard("binary", options.maxBinaryBytes());
    }
    if (!discarding) {
      byte[] bytes = new byte[part.remaining()];
      part.get(bytes);
      binary.writeBytes(bytes);
      if (last) {
        Frame frame = new Frame.Binary(binary.toByteArray());
        binary.reset();
        link.arrived(frame);
      }
    }
    webSocket.request(1);
    return null;
  }

  /** Reads on, so that the peer's close is seen, and keeps nothing. */
  private void discard(String kind, int limit) {
    if (!discarding) {
      discarding = true;
      String words = "a " + kind + " message of more than " + limit + " bytes";
      sendClose(TOO_BIG_FROM_CLIENT, words);
      link.tooLong(words);
    }
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
