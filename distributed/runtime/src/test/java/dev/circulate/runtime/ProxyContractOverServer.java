package dev.circulate.runtime;

import dev.circulate.Buffer;
import dev.circulate.contract.AltsContract;
import dev.circulate.contract.BlockingContract;
import dev.circulate.contract.Wiring;
import dev.circulate.runtime.RemoteWiring.Far;
import dev.circulate.service.Root;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Nested;

/** DI-1, DI-10: the contract, kept by proxies between a server and a client of it. */
public abstract class ProxyContractOverServer {
  /** Narrow, since most laws begin with a full one; the usual one is that of the other links. */
  private static final int WINDOW = 32;

  /** A server and a peer of it, for all tests of a class. */
  public record Pair(Root root, Server server, Peer peer) implements AutoCloseable {
    /** A server at an address. */
    public static Pair over(URI address) {
      try {
        Root root = Root.named("b-root");
        Limits limits = Limits.builder().window(WINDOW).build();
        Server server = Server.at(address).root(root).limits(limits).start();
        return new Pair(root, server, Peer.to(server.uri()).limits(limits).connect());
      } catch (IOException | InterruptedException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    @Override
    public void close() {
      peer.close();
      server.close();
    }
  }

  /** Whose channels are given. */
  protected abstract Pair pair();

  private Wiring wiring(Far far) {
    return new RemoteWiring(far, pair().root(), pair().peer().root(), WINDOW);
  }

  @Nested
  class PutTo extends BlockingContract {
    PutTo() {
      super(new Buffer.Fixed(16), wiring(Far.PUTTING));
    }
  }

  @Nested
  class TakeFrom extends BlockingContract {
    TakeFrom() {
      super(new Buffer.Rendezvous(), wiring(Far.TAKING));
    }
  }

  @Nested
  class AltsOverPutting extends AltsContract {
    AltsOverPutting() {
      super(new Buffer.Rendezvous(), wiring(Far.PUTTING));
    }
  }

  @Nested
  class AltsOverTaking extends AltsContract {
    AltsOverTaking() {
      super(new Buffer.Fixed(4), wiring(Far.TAKING));
    }
  }
}
