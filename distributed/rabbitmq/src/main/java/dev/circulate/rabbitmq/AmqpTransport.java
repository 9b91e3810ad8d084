package dev.circulate.rabbitmq;

import dev.circulate.runtime.Link;
import dev.circulate.runtime.Transport;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Makes links over a RabbitMQ broker: {@code amqp://user:password@host:port/vhost?node=name}, and
 * {@code amqps} over TLS.
 *
 * <p>Whoever listens is a node with that name; whoever connects names the node. Without a user it
 * is {@code guest}, without a path the virtual host {@code /}, and a listener without a name gets
 * one. A process has one connection to a broker for each user and set of options, for all its nodes
 * and links, and everything that it declares there is gone when that connection is.
 *
 * <p><b>Limits.</b> {@link AmqpOptions} bound what a link, and a listener, hold; a frame that is
 * too long ends its link, on both sides with a {@link dev.circulate.runtime.FrameTooLongException},
 * which ends the session. A message of more than 64 MiB, from whoever may write to the broker's
 * queues, costs this process its connection: the broker's users are trusted that far. <b>Death.</b>
 * A broker that is gone cuts every link at once, and a node that is gone those over which something
 * is sent; a listener comes back by itself when the broker does.
 *
 * <p>It is found by the scheme, with the {@linkplain AmqpOptions#DEFAULTS default options}, when it
 * is on the class path.
 */
public final class AmqpTransport implements Transport {
  private final AmqpOptions options;

  /** A transport with the default options. */
  public AmqpTransport() {
    this(AmqpOptions.DEFAULTS);
  }

  /**
   * A transport with options.
   *
   * @param options limits, and trust and keys for TLS
   */
  public AmqpTransport(AmqpOptions options) {
    this.options = Objects.requireNonNull(options, "options");
  }

  @Override
  public Set<String> schemes() {
    return AmqpAddress.SCHEMES;
  }

  @Override
  public Link connect(URI uri) throws IOException, InterruptedException {
    AmqpAddress address = AmqpAddress.of(uri);
    if (address.node() == null) {
      throw new IOException(
          "'" + address + "' names no node to connect to: expected a query like ?node=name");
    }
    return Aside.call(
        "connect to " + address,
        () -> AmqpLink.connect(Broker.of(address, options), address),
        AmqpLink::close);
  }

  @Override
  public Listener listen(URI uri, Consumer<? super Link> accept) throws IOException {
    AmqpAddress address = AmqpAddress.of(uri);
    if (address.node() != null) {
      return Aside.call(
          "listen at " + address, () -> AmqpListener.open(uri, address, options, accept));
    }
    AmqpAddress named = address.node(UUID.randomUUID().toString());
    URI full = URI.create(uri + "?node=" + named.node());
    return Aside.call("listen at " + named, () -> AmqpListener.open(full, named, options, accept));
  }
}
