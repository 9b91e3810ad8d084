package dev.circulate.rabbitmq.testkit;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.SystemLauncherListener.DefaultSystemLauncherListener;
import org.apache.qpid.server.model.Broker;
import org.apache.qpid.server.model.Port;
import org.apache.qpid.server.model.SystemConfig;
import org.apache.qpid.server.model.port.AmqpPort;
import org.jspecify.annotations.Nullable;

/**
 * An AMQP broker in this JVM, on a free port of the loopback, with nothing on disk: Apache Qpid. It
 * is good for a first try and for tests, and is not RabbitMQ.
 */
public final class EmbeddedBroker implements dev.circulate.rabbitmq.testkit.Broker {
  private final SystemLauncher launcher;
  private final URI uri;

  private EmbeddedBroker(SystemLauncher launcher, int port) {
    this.launcher = launcher;
    this.uri = URI.create("amqp://127.0.0.1:" + port);
  }

  /** Learns which port was free. */
  private static final class Started extends DefaultSystemLauncherListener {
    private @Nullable SystemConfig<?> system;
    private @Nullable RuntimeException failure;
    private int port;

    @Override
    public void onContainerResolve(SystemConfig<?> resolved) {
      system = resolved;
    }

    @Override
    public void errorOnStartup(RuntimeException e) {
      failure = e;
    }

    @Override
    public void afterStartup() {
      if (system != null && system.getContainer() instanceof Broker<?> broker) {
        Collection<Port<?>> ports = broker.getPorts();
        for (Port<?> each : ports) {
          port = ((AmqpPort<?>) each).getBoundPort();
        }
      }
    }
  }

  /**
   * Starts one, which takes some seconds.
   *
   * @throws IOException if it does not come up
   */
  public static EmbeddedBroker start() throws IOException {
    URL configuration = Objects.requireNonNull(EmbeddedBroker.class.getResource("embedded.json"));
    Started started = new Started();
    SystemLauncher launcher = new SystemLauncher(started);
    try {
      launcher.startup(
          Map.of(
              SystemConfig.TYPE,
              "Memory",
              SystemConfig.INITIAL_CONFIGURATION_LOCATION,
              configuration.toExternalForm(),
              SystemConfig.STARTUP_LOGGED_TO_SYSTEM_OUT,
              false));
    } catch (Exception e) {
      throw new IOException("the embedded broker did not start: " + e.getMessage(), e);
    }
    if (started.port <= 0) {
      launcher.shutdown();
      throw new IOException("the embedded broker did not open its port", started.failure);
    }
    return new EmbeddedBroker(launcher, started.port);
  }

  @Override
  public URI uri() {
    return uri;
  }

  @Override
  public String sentence() {
    return "The broker is Qpid in this JVM, since no RabbitMQ runs or is installed here.";
  }

  @Override
  public boolean isRabbit() {
    return false;
  }

  @Override
  public void close() {
    launcher.shutdown();
  }
}
