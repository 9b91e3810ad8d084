package dev.circulate.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Buffer;
import dev.circulate.Csp;
import dev.circulate.Gathering;
import dev.circulate.contract.Forked;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Values that no thread follows to the gatherer, whoever lets them in. */
class LetInTest {
  private static final PutHandler ANYHOW = new Anyhow();

  @Test
  @DisplayName(
      "CH-10 what an offer lets in comes through the gatherer, though the offer is refused")
  void byOffer() throws Exception {
    for (int round = 0; round < 20_000; round++) {
      GathererChannel<Integer> channel =
          GathererChannel.open(new Buffer.Fixed(1), null, null, Gathering.map(n -> n), null);
      assertThat(channel.offer(1)).isTrue();
      channel.putSide().putAsync(2, ANYHOW);
      AtomicBoolean begins = new AtomicBoolean();
      Forked<@Nullable Integer> taker =
          Forked.fork(
              () -> {
                begins.set(true);
                assertThat(channel.take()).isEqualTo(1);
                return channel.poll(Duration.ofSeconds(5));
              });
      while (!begins.get()) {
        Thread.onSpinWait(); // this is a platform thread
      }
      for (int pause = round % 64; pause > 0; pause--) {
        Thread.onSpinWait();
      }
      boolean _ = channel.offer(3);
      assertThat(taker.join()).as("in round %s", round).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("CH-15 AL-6 a gatherer that runs for nobody, and blocks, holds up no timeout")
  void blockingForNobody() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    GathererChannel<Integer> channel =
        GathererChannel.open(
            new Buffer.Fixed(1), null, null, Gathering.map(n -> whenToldTo(entered, go, n)), null);
    channel.putSide().putAsync(1, ANYHOW);
    entered.await();
    try {
      assertThat(Forked.fork(() -> Csp.timeout(Duration.ofMillis(1)).take()).join()).isNull();
    } finally {
      go.countDown();
    }
    assertThat(channel.take()).isEqualTo(1);
  }

  private static int whenToldTo(CountDownLatch entered, CountDownLatch go, int value) {
    entered.countDown();
    try {
      go.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return value;
  }
}
