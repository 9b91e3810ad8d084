package dev.circulate.websocket;

import dev.circulate.runtime.Frame;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.exceptions.MessageTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of a WebSocket. Jetty calls it in virtual threads, one call at a time, with one
 * whole message for each {@code demand}. It answers pings itself, and reads on when a pong has
 * left: who sends pings and reads no pongs is stopped by that. Public for Jetty alone, which calls
 * it through method handles.
 */
public final class JettySocket implements Session.Listener, Socket {
  private final WebSocketLink link;
  private final Consumer<WebSocketLink> opened;
  private volatile @Nullable Session session;

  /**
   * A socket that is not connected yet.
   *
   * @param peer whose it is, in words
   * @param opened gets its link once it is connected
   */
  JettySocket(String peer, Consumer<WebSocketLink> opened) {
    this.link = new WebSocketLink(peer, this);
    this.opened = opened;
  }

  private Session session() {
    return Objects.requireNonNull(session, "not connected yet");
  }

  // ---- what Jetty calls

  @Override
  public void onWebSocketOpen(Session session) {
    this.session = session;
    link.start();
    opened.accept(link);
    session.demand();
  }

  @Override
  public void onWebSocketText(String message) {
    link.arrived(new Frame.Text(message));
    session().demand();
  }

  @Override
  public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    callback.succeed();
    link.arrived(new Frame.Binary(bytes));
    session().demand();
  }

  @Override
  public void onWebSocketError(Throwable cause) {
    if (cause instanceof MessageTooLargeException tooLarge) {
      link.tooLong(String.valueOf(tooLarge.getMessage())); // Jetty closes with 1009 itself
    } else {
      link.failed(cause);
    }
  }

  @Override
  public void onWebSocketClose(int status, String reason, Callback callback) {
    link.closedByPeer(status, reason == null ? "" : reason);
    link.finished();
    callback.succeed();
  }

  // ---- what the link calls

  @Override
  public CompletionStage<?> send(Frame frame) {
    Callback.Completable sent = new Callback.Completable();
    switch (frame) {
      case Frame.Text(String text) -> session().sendText(text, sent);
      case Frame.Binary(byte[] bytes) -> session().sendBinary(ByteBuffer.wrap(bytes), sent);
    }
    return sent;
  }

  @Override
  public void sendClose(int status, String reason) {
    session().close(status, reason, Callback.NOOP);
  }

  @Override
  public void disconnect() {
    session().disconnect();
  }
}
