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
   * Over whatever there is between a root and the proxy for it.
   *
   * @param far which end has the proxy
   * @param root a root in the other address space
   * @param farRoot the same as it is known here
   */
  public RemoteWiring(Far far, Root root, WritePort<Request> farRoot) {
    this.far = far;
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
      int slack = Limits.DEFAULTS.window();
      return far == Far.PUTTING
          ? new Ends<>(proxy, channel, slack)
          : new Ends<>(channel, proxy, slack);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
