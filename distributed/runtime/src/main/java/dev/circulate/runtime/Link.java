package dev.circulate.runtime;

import dev.circulate.ReadPort;
import dev.circulate.WritePort;

/**
 * A way to one peer and back: it moves frames, in order, and knows nothing of what is in them.
 *
 * <p><b>Backpressure.</b> {@link #outgoing()} holds few frames: a put waits while the peer, or the
 * network, does not keep up. Whoever does not take from {@link #incoming()} stops the peer in the
 * same way. <b>Closing.</b> When the link goes down, for whatever reason, both ports are closed:
 * {@code incoming} after what had arrived, and with a cause unless either side closed in order:
 * with a {@link FrameTooLongException} if another link would break by the same frame. Frames that
 * were put and had not left by then are lost; the session above repeats them. <b>Threads.</b> Every
 * method may be called by any thread.
 */
public interface Link extends AutoCloseable {
  /** The frames that arrive. */
  ReadPort<Frame> incoming();

  /** Takes the frames to send. */
  WritePort<Frame> outgoing();

  /** Whether it carries frames of bytes, beside those of text. */
  default boolean carriesBytes() {
    return true;
  }

  /** Who is at the other end, in words, for messages and logs. */
  String peer();

  /** Sends what was put before, then goes down in order. Does not wait for the peer. */
  @Override
  void close();
}
