package dev.circulate.websocket;

import dev.circulate.runtime.Frame;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of a WebSocket. Jetty calls it in virtual threads, one call at a time, with a
 * part of a message for each {@code demand}. It answers pings itself, and reads on when a pong has
 * left: who sends pings and reads no pongs is stopped by that. Public for Jetty alone, which calls
 * it through method handles.
 *
 * <p>It cuts off whom it closes with a status such as {@link #TOO_BIG}, and a connection that is
 * cut off with something left to read is reset: whoever was sending may then not hear why. So a
 * message that is too long is read to its end, and dropped, before the close is sent.
 */
public final class JettySocket implements Session.Listener, Socket {
  private final WebSocketLink link;
  private final Assembly message;
  private final Consumer<WebSocketLink> opened;
  private volatile @Nullable Session session;

  /**
   * A socket that is not connected yet.
   *
   * @param peer whose it is, in words
   * @param options the limits
   * @param opened gets its link once it is connected
   */
  JettySocket(String peer, WebSocketOptions options, Consumer<WebSocketLink> opened) {
    this.link = new WebSocketLink(peer, this);
    this.message = new Assembly(options, link::tooLong);
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
  public void onWebSocketPartialText(String payload, boolean last) {
    arrived(message.add(payload, last), last);
  }

  @Override
  public void onWebSocketPartialBinary(ByteBuffer payload, boolean last, Callback callback) {
    Frame whole = message.add(payload, last);
    callback.succeed();
    arrived(whole, last);
  }

  private void arrived(@Nullable Frame whole, boolean last) {
    if (whole != null) {
      link.arrived(whole);
    }
    String excess = message.excess();
    if (excess != null && last) {
      sendClose(TOO_BIG, excess);
    } else {
      session().demand();
    }
  }

  @Override
  public void onWebSocketError(Throwable cause) {
    link.failed(cause);
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
