package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.go;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What one peer passes on between two others: a caller, the middle, and whoever is behind it. What
 * goes wrong between the middle and one of them is no fault towards the other.
 */
class PassedOnTest {
  /** In the middle: what is known of the one behind it, whose root and limits are small. */
  private final TwoSpaces behind =
      new TwoSpaces(Limits.builder().window(1).frame(2048).string(2048).build());

  private final MemoryLink.Pair pair = MemoryLink.pair("caller", "middle");

  @AfterEach
  void close() {
    pair.near().close();
    behind.close();
  }

  /** The middle, as the caller has it. */
  private Peer middle(WritePort<Request> root) {
    Peer middle = Peer.over(pair.near()).begin();
    Peer.over(pair.far()).root(root).begin();
    return middle;
  }

  private static void assertPeerLost(Channel<?> asked) {
    assertThatThrownBy(asked::take)
        .cause()
        .asInstanceOf(throwable(CallException.class))
        .extracting(CallException::error)
        .isInstanceOf(CallError.PeerLost.class);
  }

  @Test
  @DisplayName("DI-8 DI-9 a call that was passed on fails with its peer, and no session but that")
  void requests() throws InterruptedException {
    Channel<Object> requests = chan();
    behind.bRoot.handler("queue", _ -> requests);
    @SuppressWarnings("unchecked") // it is given requests
    Channel<Request> queue =
        (Channel<Request>) Request.to(behind.bRootProxy(), "queue").as(Channel.class);
    Peer middle = middle(queue.writePort());
    Channel<Object> onItsWay = go(() -> Request.to(middle.root(), "x").as(Object.class));
    Channel<Object> waiting = go(() -> Request.to(middle.root(), "x").as(Object.class));
    Await.until("a call that waits", () -> queue.waitingPutters() == 1, queue::toString);
    behind.link.cut();
    assertPeerLost(onItsWay);
    assertPeerLost(waiting);
    assertThat(middle.lost()).isNull();
    middle.close();
  }

  @Test
  @DisplayName("DI-9 DI-12 a value that cannot be passed on ends what was passed on, no session")
  void values() throws InterruptedException {
    Channel<Object> source = chan(4);
    Peer middle = middle(Root.named("middle").handler("give", _ -> source.readPort()).port());
    ReadPort<?> held = Request.to(middle.root(), "give").as(ReadPort.class);
    behind.aRoot.handler("give", _ -> held);
    ReadPort<?> passedOn = Request.to(behind.a.root(), "give").as(ReadPort.class);
    Channel<Object> taking = go(passedOn::take);
    assertThat(source.put("x".repeat(3000))).isTrue();
    assertThatThrownBy(taking::take).isInstanceOf(ChannelFailedException.class);
    Request.to(middle.root(), "give").done();
    assertThat(middle.lost()).isNull();
    middle.close();
  }
}
