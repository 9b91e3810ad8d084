package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.go;
import static dev.circulate.contract.Forked.fork;
import static dev.circulate.service.TypeOf.channelOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Csp;
import dev.circulate.PeerLostException;
import dev.circulate.contract.Forked;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DI-8: a peer that is gone is noticed, and everything that waited for it ends. */
class DeathTest {
  private final TwoSpaces spaces = new TwoSpaces(silentFor(Duration.ofSeconds(16)));

  @AfterEach
  void close() {
    spaces.close();
  }

  private Channel<Object> callUnderWay(String command) {
    return go(() -> Request.to(spaces.bRootProxy(), command).as(Object.class));
  }

  @Test
  @DisplayName("DI-8 a cut link fails the calls under way with peer lost, at once")
  void callsUnderWay() throws InterruptedException {
    Channel<Boolean> begun = chan(1);
    spaces.bRoot.handler(
        "wait",
        _ -> {
          begun.offer(true);
          return chan().take();
        });
    Channel<Object> call = callUnderWay("wait");
    begun.take();
    spaces.link.cut();
    assertThatThrownBy(call::take)
        .isInstanceOf(ChannelFailedException.class)
        .cause()
        .isInstanceOfSatisfying(
            CallException.class, e -> assertThat(e.error()).isInstanceOf(CallError.PeerLost.class));
    assertThat(spaces.b.lost()).isNotNull();
    assertThatThrownBy(() -> Request.to(spaces.bRootProxy(), "wait").done())
        .isInstanceOfSatisfying(
            CallException.class, e -> assertThat(e.error()).isInstanceOf(CallError.PeerLost.class));
  }

  @Test
  @DisplayName("DI-8 a caller that was lost ends the stream that it was sent")
  void streams() throws InterruptedException {
    CountDownLatch closed = new CountDownLatch(1);
    spaces.bRoot.handler("count", _ -> Stream.iterate(0, x -> x + 1).onClose(closed::countDown));
    Channel<Integer> numbers =
        Request.to(spaces.bRootProxy(), "count").as(channelOf(Integer.class));
    assertThat(numbers.take()).isZero();
    spaces.link.cut();
    assertThatThrownBy(numbers::take).hasCauseInstanceOf(PeerLostException.class);
    Await.until(
        "a stream that is closed",
        () -> {
          System.gc(); // it ends when nobody holds its channel
          return closed.getCount() == 0;
        },
        () -> "a stream that flows");
  }

  @Test
  @DisplayName("DI-8 proxies close with the cause, and the puts that wait answer false")
  @SuppressWarnings("unchecked")
  void proxies() throws InterruptedException {
    Channel<Object> far = chan();
    spaces.bRoot.handler("give", _ -> far);
    Channel<Object> proxy =
        (Channel<Object>) Request.to(spaces.bRootProxy(), "give").as(Channel.class);
    Channel<Object> taking = go(proxy::take);
    Await.until("waiting taker", () -> proxy.waitingTakers() == 1, proxy::toString);
    spaces.link.cut();
    assertThatThrownBy(taking::take).rootCause().isInstanceOf(PeerLostException.class);
    assertThat(proxy.isClosed()).isTrue();
    assertThat(proxy.put("late")).isFalse();
    assertThat(proxy.closeCause()).isInstanceOf(PeerLostException.class);
    assertThat(spaces.b.held()).isEqualTo(new Peer.Held(0, 0));
  }

  @Test
  @DisplayName("DI-8 the method of a caller that is gone is interrupted")
  void methodIsInterrupted() throws InterruptedException {
    Channel<Boolean> begun = chan(1);
    Channel<String> ended = chan(1);
    spaces.bRoot.handler(
        "wait",
        _ -> {
          begun.offer(true);
          try {
            return chan().take();
          } catch (InterruptedException e) {
            ended.offer("interrupted");
            throw e;
          }
        });
    Channel<Object> call = callUnderWay("wait");
    begun.take();
    spaces.b.close();
    assertThat(ended.take()).isEqualTo("interrupted");
    assertThatThrownBy(call::take).isInstanceOf(ChannelFailedException.class);
  }

  @Test
  @DisplayName("SV-6 a caller that gives up interrupts the method, and the tables are as they were")
  void givingUp() throws InterruptedException {
    Channel<String> ended = chan(1);
    spaces.bRoot.handler(
        "wait",
        _ -> {
          try {
            return chan().take();
          } catch (InterruptedException e) {
            ended.offer("interrupted");
            throw e;
          }
        });
    assertThatThrownBy(
            () -> Request.to(spaces.bRootProxy(), "wait").within(Duration.ofMillis(50)).done())
        .isInstanceOfSatisfying(
            CallException.class, e -> assertThat(e.error()).isInstanceOf(CallError.Timeout.class));
    assertThat(ended.take()).isEqualTo("interrupted");
    spaces.awaitEmptyTables();
  }

  @Test
  @DisplayName("DI-8 a peer that says nothing is lost after the silence that is allowed")
  void silence() throws InterruptedException {
    MemoryLink.Pair pair = MemoryLink.pair("a", "mute");
    try (Peer mute = Peer.over(pair.near()).limits(silentFor(Duration.ofMillis(200))).begin()) {
      assertThatThrownBy(() -> mute.ended().take()).hasMessageContaining("silent");
    }
  }

  @Test
  @DisplayName("DI-8 calls that are made at the moment at which the link is cut end, too")
  void callsAtThatMoment() throws InterruptedException {
    for (int round = 0; round < 200; round++) {
      try (TwoSpaces doomed = new TwoSpaces()) {
        doomed.bRoot.handler("echo", request -> request.argument("value"));
        List<Forked<@Nullable Void>> callers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          callers.add(fork(() -> callUntilLost(doomed)));
        }
        if (round % 2 == 0) {
          doomed.link.cut();
        } else {
          doomed.a.close();
        }
        for (Forked<@Nullable Void> caller : callers) {
          caller.join();
        }
      }
    }
  }

  private static @Nullable Void callUntilLost(TwoSpaces doomed) throws InterruptedException {
    while (true) {
      try {
        Request.to(doomed.bRootProxy(), "echo").with("value", Csp.chan()).as(Channel.class);
      } catch (CallException e) {
        assertThat(e.error()).isInstanceOf(CallError.PeerLost.class);
        return null;
      }
    }
  }

  @Test
  @DisplayName("DI-8b peers that have nothing to say stay together by their heartbeats")
  void heartbeats() throws InterruptedException {
    try (TwoSpaces quiet = new TwoSpaces(silentFor(Duration.ofSeconds(2)))) {
      quiet.bRoot.handler("still", _ -> "here");
      assertThat(quiet.b.ended().poll(Duration.ofSeconds(4))).isNull();
      assertThat(quiet.b.lost()).isNull();
      assertThat(Request.to(quiet.bRootProxy(), "still").as(String.class)).isEqualTo("here");
    }
  }

  private static Limits silentFor(Duration silence) {
    return Limits.builder()
        .window(4)
        .beat(Duration.ofMillis(20))
        .silence(silence)
        .grace(Duration.ZERO)
        .build();
  }

  @Test
  @DisplayName("DI-8 CH-5 what is put when the peer that waited for it is lost is for others")
  void takersOfTheLost() throws InterruptedException {
    Channel<Object> own = chan(1);
    spaces.bRoot.handler("give", _ -> own);
    Channel<Object> proxy = Request.to(spaces.bRootProxy(), "give").as(channelOf(Object.class));
    Channel<Object> taking = go(proxy::take);
    Await.until("a taker from afar", () -> own.waitingTakers() == 1, own::toString);
    spaces.link.cut();
    assertThatThrownBy(taking::take).rootCause().isInstanceOf(PeerLostException.class);
    Await.until("a lost peer", () -> spaces.a.lost() != null, spaces.a::toString);
    assertThat(own.offer("later")).isTrue();
    assertThat(own.poll()).isEqualTo("later");
  }
}
