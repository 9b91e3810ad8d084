package dev.circulate.runtime;

import dev.circulate.Buffer;
import dev.circulate.WritePort;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.TakeHandler;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The {@linkplain Link#outgoing outgoing} channel of a link whose network takes a frame without
 * having anybody wait: for those who write a {@link Transport}.
 *
 * <p>A frame that is put while the network has accepted all before it is given to the network by
 * the putter's own thread: no other has to be woken for it. What is put meanwhile waits in the
 * channel, which holds few frames, and a put waits when it is full: that is the backpressure.
 *
 * <p>The network is called by one thread at a time: a putter's, or the one in which it accepted the
 * frame before. So it must not wait.
 */
public final class FrameSender {
  /** What a link sends over. */
  public interface Network {
    /**
     * Begins to send a frame.
     *
     * @return completes when the next may be sent; exceptionally if nothing can be sent any more
     */
    CompletionStage<?> send(Frame frame);

    /** Nothing more comes: the channel was closed, and what was in it was sent, or cancelled. */
    void ended();

    /**
     * Nothing more is sent: the frame that was to be sent failed.
     *
     * @param why what {@link #send} threw, or its stage completed with
     */
    void failed(Throwable why);
  }

  private final class Taking implements TakeHandler<Frame> {
    @Override
    public void taken(Frame frame) {
      send(frame);
    }

    @Override
    public void ended(@Nullable Throwable cause) {
      network.ended();
    }
  }

  private final LocalChannel<Frame> outgoing;
  private final Network network;
  private final Taking taking = new Taking();

  /**
   * How many takes are to be begun, or are just being: whoever raises it from none begins them, in
   * a loop, so that frames that wait are not sent each deeper in the stack than the one before.
   */
  private final AtomicInteger due = new AtomicInteger();

  /**
   * Opens the channel. Nothing is sent before {@link #start}.
   *
   * @param capacity how many frames it holds, beside the one that is being sent
   * @param name what the channel is called in listings
   */
  public FrameSender(int capacity, String name, Network network) {
    this.outgoing = LocalChannel.open(new Buffer.Fixed(capacity), name, null);
    this.network = Objects.requireNonNull(network, "network");
  }

  /** Begins to send; to be called once. */
  public void start() {
    next();
  }

  /** Where the frames to be sent are put. */
  public WritePort<Frame> outgoing() {
    return outgoing.writePort();
  }

  /** Sends what was put before, and then ends. */
  public void close() {
    outgoing.close();
  }

  /** Ends at once: what has not begun to be sent is lost. */
  public void cancel() {
    outgoing.cancel();
  }

  private void next() {
    if (due.getAndIncrement() == 0) {
      do {
        outgoing.takeAsync(taking);
      } while (due.decrementAndGet() > 0);
    }
  }

  private void send(Frame frame) {
    CompletionStage<?> accepted;
    try {
      accepted = Objects.requireNonNull(network.send(frame), "when the next may be sent");
    } catch (Throwable e) {
      network.failed(e);
      return;
    }
    var _ =
        accepted.whenComplete(
            (_, failure) -> {
              if (failure == null) {
                next();
              } else {
                network.failed(cause(failure));
              }
            });
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
