package dev.circulate.runtime;

import dev.circulate.Buffer;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.internal.LocalChannel;

/**
 * A link within one process, for tests and for programs that want two address spaces in one.
 *
 * <p>What crosses is encoded and decoded as on any link.
 */
public final class MemoryLink implements Link {
  private static final Buffer FRAMES = new Buffer.Fixed(16);

  private final String peer;
  private final LocalChannel<Frame> incoming;
  private final LocalChannel<Frame> outgoing;

  private MemoryLink(String peer, LocalChannel<Frame> incoming, LocalChannel<Frame> outgoing) {
    this.peer = peer;
    this.incoming = incoming;
    this.outgoing = outgoing;
  }

  /**
   * Both ends of a link.
   *
   * @param near who is at the first end
   * @param far who is at the second
   */
  public static Pair pair(String near, String far) {
    LocalChannel<Frame> there = LocalChannel.open(FRAMES, "frames to " + far, null);
    LocalChannel<Frame> back = LocalChannel.open(FRAMES, "frames to " + near, null);
    return new Pair(new MemoryLink(far, back, there), new MemoryLink(near, there, back));
  }

  /**
   * Two ends that belong together.
   *
   * @param near one end
   * @param far the other
   */
  public record Pair(MemoryLink near, MemoryLink far) {}

  @Override
  public ReadPort<Frame> incoming() {
    return incoming;
  }

  @Override
  public WritePort<Frame> outgoing() {
    return outgoing;
  }

  @Override
  public String peer() {
    return peer;
  }

  /** Runs a task, which must not block, when the link is down. */
  void whenClosed(Runnable task) {
    outgoing.onClose(task);
  }

  @Override
  public void close() {
    outgoing.close();
    incoming.cancel(); // who puts there waits for nobody
  }

  /** Breaks the link as a cut cable does: what is on the way is lost, in both directions. */
  public void cut() {
    IllegalStateException cause = new IllegalStateException("the link was cut");
    outgoing.cancel(cause);
    incoming.cancel(cause);
  }
}
