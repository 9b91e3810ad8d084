package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.contract.Ends;
import dev.circulate.runtime.RemoteWiring.Far;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * DI-6: a proxy that no program refers to any more is forgotten on both sides. {@code
 * -Dcirculate.rounds=2000} tries it as often.
 */
class LettingGoTest {
  private static final int ROUNDS = Integer.getInteger("circulate.rounds", 300);
  private static final int COLLECTIONS = ROUNDS / 30; // a hundred times as slow as a round

  private final TwoSpaces spaces = new TwoSpaces();

  @AfterEach
  void close() {
    spaces.close();
  }

  private <T> Ends<T> connect(Far far, Channel<T> channel) {
    return new RemoteWiring(far, spaces.bRoot, spaces.bRootProxy()).connect(channel);
  }

  private void awaitCollection() {
    Await.until(
        "empty tables",
        () -> {
          System.gc();
          return spaces.a.held().imports() == 0 && spaces.b.held().exports() == 0;
        },
        () -> "a " + spaces.a.held() + ", b " + spaces.b.held());
  }

  @Test
  @DisplayName("DI-6 values that came for takers who gave up go home, and are next in their order")
  void leftovers() throws InterruptedException {
    for (int round = 0; round < COLLECTIONS; round++) {
      Channel<Integer> channel = chan(20);
      IntStream.range(0, 20).forEach(channel::offer);
      List<Integer> got = takeHastily(connect(Far.TAKING, channel).taking());
      awaitCollection();
      got.addAll(channel.drain(20));
      assertThat(got).containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
    }
  }

  /** Takes what comes in no time: most takers give up just before their value comes. */
  private static List<Integer> takeHastily(Channel<Integer> proxy) throws InterruptedException {
    List<Integer> got = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Integer value = proxy.poll(Duration.ofNanos(1000L * i));
      if (value != null) {
        got.add(value);
      }
    }
    return got;
  }

  @Test
  @DisplayName("DI-6 a channel is given again while its last proxy is let go: it goes on working")
  void givenAgain() throws InterruptedException {
    Channel<Integer> channel = chan(100);
    RemoteWiring wiring = new RemoteWiring(Far.PUTTING, spaces.bRoot, spaces.bRootProxy());
    for (int round = 0; round < ROUNDS; round++) {
      assertThat(wiring.connect(channel).putting().put(round)).isTrue();
      if (round % 10 == 0) {
        System.gc();
      }
      assertThat(channel.take()).isEqualTo(round);
    }
    awaitCollection();
    assertThat(spaces.a.lost()).isNull();
  }

  @Test
  @DisplayName("DI-6 a proxy that is closed and let go at once has told of its close")
  void closedAndLetGo() throws InterruptedException {
    for (int round = 0; round < COLLECTIONS; round++) {
      Channel<Integer> channel = chan(1);
      putAndClose(connect(Far.PUTTING, channel).putting());
      System.gc();
      assertThat(channel.take()).isEqualTo(1);
      assertThat(channel.take()).isNull();
    }
    awaitCollection();
  }

  private static void putAndClose(Channel<Integer> proxy) throws InterruptedException {
    proxy.put(1);
    proxy.close();
  }
}
