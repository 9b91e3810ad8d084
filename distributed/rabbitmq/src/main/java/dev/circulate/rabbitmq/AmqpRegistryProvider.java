package dev.circulate.rabbitmq;

import dev.circulate.runtime.Registry;
import dev.circulate.runtime.RegistryProvider;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.Set;

/**
 * Lets the nodes at one broker find each other: {@link dev.circulate.runtime.Node#join} finds it by
 * the schemes {@code amqp} and {@code amqps} when it is on the class path.
 *
 * <p>A node says every 2 seconds that it is there, and is gone for the others when it says so, or
 * after 6 seconds of silence. While the broker is gone everybody counts as still there.
 */
public final class AmqpRegistryProvider implements RegistryProvider {
  private final AmqpOptions options;

  /** With the default options. */
  public AmqpRegistryProvider() {
    this(AmqpOptions.DEFAULTS);
  }

  /**
   * With options.
   *
   * @param options trust and keys for TLS, and how long to wait
   */
  public AmqpRegistryProvider(AmqpOptions options) {
    this.options = Objects.requireNonNull(options, "options");
  }

  @Override
  public Set<String> schemes() {
    return AmqpAddress.SCHEMES;
  }

  @Override
  public String node(URI uri) throws IOException {
    AmqpAddress address = AmqpAddress.of(uri);
    if (address.node() == null) {
      throw new IOException("'" + address + "' names no node");
    }
    return address.node();
  }

  @Override
  public Registry open(URI uri) throws IOException, InterruptedException {
    AmqpAddress address = AmqpAddress.of(uri);
    return Aside.call(
        "open registry at " + address,
        () -> AmqpRegistry.open(address, options, AmqpRegistry.BEAT),
        Registry::close);
  }
}
