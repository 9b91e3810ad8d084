package dev.circulate.runtime;

import static dev.circulate.Csp.chan;

import dev.circulate.Channel;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;

/**
 * A link within one process, for tests and for programs that want two address spaces in one.
 *
 * <p>What crosses is encoded and decoded as on any link.
 */
public final class MemoryLink implements Link {
  private static final int FRAMES = 16;

  private final String peer;
  private final Channel<Frame> incoming;
  private final Channel<Frame> outgoing;

  private MemoryLink(String peer, Channel<Frame> incoming, Channel<Frame> outgoing) {
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
    Channel<Frame> there = chan(FRAMES);
    Channel<Frame> back = chan(FRAMES);
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

  @Override
  public void close() {
    outgoing.close();
    incoming.close();
  }

  /** Breaks the link as a cut cable does: what is on the way is lost, in both directions. */
  public void cut() {
    IllegalStateException cause = new IllegalStateException("the link was cut");
    outgoing.cancel(cause);
    incoming.cancel(cause);
  }
}
