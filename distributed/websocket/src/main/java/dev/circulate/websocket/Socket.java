package dev.circulate.websocket;

import dev.circulate.runtime.Frame;
import java.util.concurrent.CompletionStage;

/** One WebSocket as its link sees it: what the server's and the client's have in common. */
interface Socket {
  /** The close status of a link that ends in order. */
  int NORMAL = 1000;

  /** The close status of a side that goes away in order, such as a browser's page. */
  int GOING_AWAY = 1001;

  /** What is reported when a close came without a status. */
  int NO_STATUS = 1005;

  /** What is reported when the connection ended and no close came. */
  int ABNORMAL = 1006;

  /** The close status of a side that got a message beyond its limit. */
  int TOO_BIG = 1009;

  /** The close status of a side that failed to serve the link. */
  int FAILED = 1011;

  /** Stands for {@link #TOO_BIG}, which the JDK does not let its client send. */
  int TOO_BIG_FROM_CLIENT = 4009;

  /**
   * Begins to send a frame. One send at a time.
   *
   * @return completes when the network has accepted it: that is the backpressure; exceptionally if
   *     the connection is gone
   */
  CompletionStage<?> send(Frame frame);

  /** Sends a close, without waiting; the peer's own ends the socket. */
  void sendClose(int status, String reason);

  /** Cuts the connection. Does nothing if it is gone. */
  void disconnect();
}
