package dev.circulate.runtime;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.WritePort;
import dev.circulate.contract.Ends;
import dev.circulate.contract.Wiring;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Connects the two ends of a channel through a session: one has the channel, the other a proxy. */
public final class RemoteWiring implements Wiring {
  /** Which end has the proxy. */
  public enum Far {
    PUTTING,
    TAKING
  }

  private final WritePort<Request> farRoot;
  private final BlockingQueue<Channel<?>> arrived = new LinkedBlockingQueue<>();
  private final Far far;
  private final int window;

  /** Over the in-memory link. */
  static RemoteWiring inMemory(Far far) {
    TwoSpaces spaces = new TwoSpaces();
    return new RemoteWiring(far, spaces.bRoot, spaces.bRootProxy());
  }

  /** Over a pair of channels of strings. */
  static RemoteWiring overStrings(Far far) {
    Channel<String> there = Csp.chan();
    Channel<String> back = Csp.chan();
    Root root = Root.named("b-root");
    Peer b = Peer.buildTransport(Root.named("a-root").port(), back, there);
    Peer.buildTransport(root.port(), there, back);
    return new RemoteWiring(far, root, b.root());
  }

  /**
   * Over whatever there is between a root and the proxy for it, with the window that is usual.
   *
   * @param far which end has the proxy
   * @param root a root in the other address space
   * @param farRoot the same as it is known here
   */
  RemoteWiring(Far far, Root root, WritePort<Request> farRoot) {
    this(far, root, farRoot, Limits.DEFAULTS.window());
  }

  /** The same with the window that both sides were told. */
  public RemoteWiring(Far far, Root root, WritePort<Request> farRoot, int window) {
    this.far = far;
    this.window = window;
    this.farRoot = farRoot;
    root.handler(
        "receive",
        request -> {
          arrived.add((Channel<?>) Objects.requireNonNull(request.argument("channel")));
          return true;
        });
  }

  @Override
  @SuppressWarnings("unchecked") // what was sent as a channel of T comes as one
  public <T> Ends<T> connect(Channel<T> channel) {
    try {
      Request.to(farRoot, "receive").with("channel", channel).done();
      Channel<T> proxy = (Channel<T>) arrived.take();
      return far == Far.PUTTING
          ? new Ends<>(proxy, channel, window)
          : new Ends<>(channel, proxy, window);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
