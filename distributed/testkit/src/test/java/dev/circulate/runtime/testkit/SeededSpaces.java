package dev.circulate.runtime.testkit;

import dev.circulate.contract.Wiring;
import dev.circulate.runtime.Limits;
import dev.circulate.runtime.Peer;
import dev.circulate.runtime.RemoteWiring;
import dev.circulate.runtime.RemoteWiring.Far;
import dev.circulate.runtime.Server;
import dev.circulate.runtime.Transport;
import dev.circulate.runtime.codec.Codec;
import dev.circulate.service.Root;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Two address spaces with a bad network between them, for one test. */
final class SeededSpaces {
  private static final Limits LIMITS =
      Limits.builder()
          .beat(Duration.ofMillis(20))
          .silence(Duration.ofSeconds(20))
          .grace(Duration.ofSeconds(60))
          .window(32)
          .build();

  /** The one of the test that is running; tests of this module run one after the other. */
  private static @Nullable SeededSpaces current;

  final Seed seed = Seed.drawn();
  final Root root = Root.named("far");
  final SeededNetwork network;
  final Server server;
  final Peer peer;

  private SeededSpaces(Transport transport, URI uri, Faults faults, Codec codec)
      throws IOException, InterruptedException {
    network = SeededNetwork.over(transport, faults, seed);
    server = Server.at(uri).transport(transport).root(root).limits(LIMITS).codec(codec).start();
    peer = Peer.to(server.uri()).transport(network).limits(LIMITS).codec(codec).connect();
  }

  static SeededSpaces open(Transport transport, String uri, Faults faults, Codec codec) {
    try {
      SeededSpaces opened = new SeededSpaces(transport, URI.create(uri), faults, codec);
      current = opened;
      return opened;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  Wiring wiring(Far far) {
    return new RemoteWiring(far, root, peer.root(), LIMITS.window());
  }

  private void close() {
    peer.close();
    server.close();
  }

  /** Tells the seed of a test that fails, and closes what it opened. */
  static final class Closing
      implements AfterEachCallback,
          TestExecutionExceptionHandler,
          LifecycleMethodExecutionExceptionHandler {
    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure)
        throws Throwable {
      noteAndThrow(failure);
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure)
        throws Throwable {
      noteAndThrow(failure);
    }

    private static void noteAndThrow(Throwable failure) throws Throwable {
      if (current != null) {
        current.seed.noteIn(failure);
        failure.addSuppressed(new AssertionError("the near peer lost: " + current.peer.lost()));
      }
      throw failure;
    }

    @Override
    public void afterEach(ExtensionContext context) {
      if (current != null) {
        current.close();
        current = null;
      }
    }
  }
}
