package dev.circulate.websocket;

import dev.circulate.Alts;
import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.runtime.Frame;
import dev.circulate.runtime.FrameSender;
import dev.circulate.runtime.FrameTooLongException;
import dev.circulate.runtime.Link;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A link over one WebSocket.
 *
 * <p>Messages are sent one at a time, each when the network has accepted the one before; see {@link
 * FrameSender}. The socket's reader calls {@link #arrived}, which waits while {@code incoming} is
 * full; only then does the socket ask for the next message. So neither side holds more than the two
 * channels' capacity and a message.
 *
 * <p>It ends once, by {@link #end}, for the first reason that is noticed: a close from the peer, a
 * failure of the connection, a message beyond the limit. {@link #close} ends the conversation at
 * once for whoever holds the link, and the socket when the peer's close is there, or after {@link
 * #CLOSE_TIMEOUT}.
 */
final class WebSocketLink implements Link {
  /** How long a closed link waits for what was put to leave, and for the peer's close. */
  static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  /**
   * Where nothing can be sent any more, the peer may have said why: for so long that is waited for.
   */
  private static final Duration LAST_WORD = Duration.ofSeconds(1);

  private static final int CAPACITY = 8;

  private final String peer;
  private final Socket socket;
  private final Channel<Frame> incoming;
  private final FrameSender outgoing;
  private final Channel<Void> unwanted = Channel.<Void>builder().name("link unwanted").open();
  private final Channel<Void> ended = Channel.<Void>builder().name("link ended").open();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean over = new AtomicBoolean();

  WebSocketLink(String peer, Socket socket) {
    this.peer = peer;
    this.socket = socket;
    this.incoming =
        Channel.<Frame>builder()
            .buffer(Csp.fixed(CAPACITY))
            .name("incoming frames of " + peer)
            .open();
    this.outgoing = new FrameSender(CAPACITY, "outgoing frames of " + peer, new Sending());
  }

  /** Begins to send, once the socket can. */
  WebSocketLink start() {
    outgoing.start();
    return this;
  }

  @Override
  public ReadPort<Frame> incoming() {
    return incoming.readPort();
  }

  @Override
  public WritePort<Frame> outgoing() {
    return outgoing.outgoing();
  }

  @Override
  public String peer() {
    return peer;
  }

  /** Closes when the socket is done with: nothing is sent or received after that. */
  ReadPort<Void> ended() {
    return ended.readPort();
  }

  // ---- sending

  private final class Sending implements FrameSender.Network {
    @Override
    public CompletionStage<?> send(Frame frame) {
      try {
        requireEncodable(frame);
      } catch (IOException e) {
        end(e);
        return CompletableFuture.failedFuture(e);
      }
      return socket.send(frame);
    }

    @Override
    public void ended() {
      if (!over.get()) {
        socket.sendClose(Socket.NORMAL, "");
      }
    }

    @Override
    public void failed(Throwable why) {
      unlessEndedWithin(
          over.get() ? Duration.ZERO : LAST_WORD,
          () -> {
            WebSocketLink.this.failed(why);
            cut();
          });
    }
  }

  /** Half a surrogate pair has no UTF-8: it would arrive as something else, or break the socket. */
  private void requireEncodable(Frame frame) throws IOException {
    if (!(frame instanceof Frame.Text(String text))) {
      return;
    }
    int codePoint;
    for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
      codePoint = text.codePointAt(i);
      if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
        throw new IOException(
            "a text for %s has half a surrogate pair, %04x, at index %d of %d"
                .formatted(peer, codePoint, i, text.length()));
      }
    }
  }

  // ---- receiving, called by the socket's reader

  /** Hands on a frame, waiting until there is room for it; drops it if nobody wants it any more. */
  void arrived(Frame frame) {
    if (incoming.offer(frame)) {
      return;
    }
    try {
      Alts.<Boolean>first()
          .put(incoming, frame, () -> true)
          .take(unwanted, _ -> false)
          .onClosed(() -> false)
          .priority()
          .await();
    } catch (InterruptedException e) {
      end(new IOException("the reader from " + peer + " was interrupted", e));
    }
  }

  /** The peer's close came, or the connection ended without one. */
  void closedByPeer(int status, String reason) {
    switch (status) {
      case Socket.NORMAL, Socket.GOING_AWAY, Socket.NO_STATUS -> end(null);
      case Socket.ABNORMAL ->
          end(new IOException("the connection to " + peer + " broke: it ended without a close"));
      case Socket.TOO_BIG, Socket.TOO_BIG_FROM_CLIENT ->
          end(new FrameTooLongException(closedWith(status, reason)));
      default -> end(new IOException(closedWith(status, reason)));
    }
  }

  private String closedWith(int status, String reason) {
    return "%s closed the link with status %d%s"
        .formatted(peer, status, reason.isEmpty() ? "" : ": " + reason);
  }

  /** The peer sent more than the limit, and the socket says so to it. */
  void tooLong(String how) {
    end(new FrameTooLongException(peer + " broke the link's rules: " + how));
    disconnectUnlessEnded();
  }

  /** The connection is gone. */
  void failed(Throwable why) {
    String words = why.getMessage();
    end(
        new IOException(
            "the connection to "
                + peer
                + " broke: "
                + (words == null ? why.getClass().getSimpleName() : words),
            why));
  }

  /** Nothing more comes from the socket, and nothing can be sent. */
  void finished() {
    end(null);
    ended.close();
  }

  private void cut() {
    socket.disconnect();
    finished();
  }

  private void end(@Nullable IOException cause) {
    if (!over.compareAndSet(false, true)) {
      return;
    }
    unwanted.close();
    if (cause == null) {
      incoming.close();
    } else {
      incoming.close(cause);
    }
    outgoing.cancel();
  }

  // ---- closing

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      outgoing.close();
      incoming.close();
      unwanted.close();
      disconnectUnlessEnded();
    }
  }

  /** The code that this link was made for failed. */
  void abandon(String why) {
    end(new IOException(why));
    socket.sendClose(Socket.FAILED, why);
    disconnectUnlessEnded();
  }

  /** Leaves the peer some time to close its side. */
  private void disconnectUnlessEnded() {
    unlessEndedWithin(CLOSE_TIMEOUT, this::cut);
  }

  private void unlessEndedWithin(Duration time, Runnable then) {
    Thread.ofVirtual()
        .name("closing " + peer)
        .start(
            () -> {
              try {
                ended.poll(time);
              } catch (InterruptedException _) {
                // nobody does
              }
              then.run();
            });
  }

  @Override
  public String toString() {
    return "link to " + peer;
  }
}
