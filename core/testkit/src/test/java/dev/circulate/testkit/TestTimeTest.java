package dev.circulate.testkit;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.go;
import static dev.circulate.Csp.timeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Alts;
import dev.circulate.Blocks;
import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.Deadline;
import dev.circulate.Gathering;
import dev.circulate.Pipeline;
import dev.circulate.Scope;
import dev.circulate.internal.GathererChannel;
import dev.circulate.internal.Keepers;
import dev.circulate.internal.PutHandler;
import java.lang.ref.Reference;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class TestTimeTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  @DisplayName("GO-5 a timed operation ends when the test moves the clock that far, not before")
  void timedOperation() throws Exception {
    try (TestTime time = TestTime.install()) {
      Channel<Integer> never = chan();
      Channel<String> outcome =
          go(() -> never.poll(MINUTE.multipliedBy(5)) == null ? "too late" : "in time");
      time.advance(MINUTE.multipliedBy(5).minusNanos(1));
      assertThat(outcome.isClosed()).isFalse();
      time.advance(Duration.ofNanos(1));
      assertThat(outcome.take()).isEqualTo("too late");
      time.assertNothingLeftOver();
    }
  }

  @Test
  @DisplayName("GO-5 timeouts and the limits of alts follow the clock")
  void timeouts() throws Exception {
    try (TestTime time = TestTime.install()) {
      Channel<Integer> never = chan();
      Channel<String> waited =
          go(
              () -> {
                timeout(MINUTE).take();
                return "a minute";
              });
      Channel<String> chosen =
          go(
              () ->
                  Alts.<String>first()
                      .take(never, value -> "value")
                      .timeout(MINUTE.multipliedBy(2), () -> "two minutes")
                      .await());
      time.advance(MINUTE);
      assertThat(waited.take()).isEqualTo("a minute");
      assertThat(chosen.isClosed()).isFalse();
      time.advance(MINUTE);
      assertThat(chosen.take()).isEqualTo("two minutes");
      time.assertNothingLeftOver();
    }
  }

  @Test
  @DisplayName("GO-5 deadlines follow the clock")
  void deadlines() {
    try (TestTime time = TestTime.install()) {
      Deadline deadline = Deadline.after(MINUTE);
      time.advance(MINUTE.minusNanos(1));
      assertThat(deadline.remaining()).isEqualTo(Duration.ofNanos(1));
      assertThat(deadline.hasPassed()).isFalse();
      time.advance(Duration.ofNanos(1));
      assertThat(deadline.hasPassed()).isTrue();
    }
  }

  @Test
  @DisplayName("GO-5 what happens on the way happens in the order of its moments, each to its end")
  void order() throws Exception {
    try (TestTime time = TestTime.install()) {
      Channel<String> log = chan(100);
      for (int seconds : new int[] {3, 1, 2}) {
        go(
            () -> {
              chan().poll(Duration.ofSeconds(seconds));
              log.put("at " + seconds);
              timeout(Duration.ofMillis(1500)).take();
              log.put("after " + seconds);
            });
      }
      time.advance(MINUTE);
      assertThat(log.drain(100))
          .containsExactly("at 1", "at 2", "after 1", "at 3", "after 2", "after 3");
      time.assertNothingLeftOver();
    }
  }

  @RepeatedTest(20)
  @DisplayName("GO-5 every block waits only when nothing more would happen")
  void everyBlockWaits() throws Exception {
    try (TestTime time = TestTime.install()) {
      int hops = 200;
      List<Channel<Integer>> ring = new ArrayList<>();
      for (int i = 0; i <= hops; i++) {
        ring.add(chan());
      }
      for (int i = 0; i < hops; i++) {
        Channel<Integer> in = ring.get(i);
        Channel<Integer> out = ring.get(i + 1);
        go(
            () -> {
              for (Integer value = in.take(); value != null; value = in.take()) {
                out.put(value + 1);
              }
              out.close();
            });
      }
      Channel<Integer> sum =
          go(
              () -> {
                int total = 0;
                for (int value : ring.get(hops)) {
                  total += value;
                }
                return total;
              });
      time.runUntilEveryBlockWaits();
      go(
          () -> {
            ring.getFirst().put(0);
            ring.getFirst().put(1);
            ring.getFirst().close();
          });
      time.runUntilEveryBlockWaits();
      assertThat(sum.poll()).isEqualTo(2 * hops + 1);
      time.assertNothingLeftOver();
    }
  }

  @Test
  @DisplayName("GO-5 a scope's owner that waits for its blocks counts as waiting")
  void scopes() throws Exception {
    try (TestTime time = TestTime.install()) {
      Channel<String> done =
          go(
              () -> {
                try (Scope scope = Scope.open("pair")) {
                  scope.go(() -> timeout(MINUTE).take());
                  scope.go(() -> timeout(MINUTE.multipliedBy(2)).take());
                }
                return "done";
              });
      time.advance(MINUTE);
      assertThat(done.isClosed()).isFalse();
      time.advance(MINUTE);
      assertThat(done.take()).isEqualTo("done");
      time.assertNothingLeftOver();
    }
  }

  @Test
  @DisplayName("GO-5 what is left over is listed: blocks with what they wait for, and timers")
  void leftOver() throws Exception {
    try (TestTime time = TestTime.install()) {
      Channel<Integer> orders = Channel.<Integer>builder().name("orders").open();
      Channel<Integer> block = go("till", () -> orders.take());
      Channel<Void> waiting = go("clock", () -> timeout(MINUTE).take());
      assertThatThrownBy(time::assertNothingLeftOver)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("left over: 2 go blocks, 1 timer")
          .hasMessageContaining("go block 'till'")
          .hasMessageContaining("take from channel 'orders'");
      orders.put(1);
      assertThat(block.take()).isEqualTo(1);
      time.advance(MINUTE);
      assertThat(waiting.take()).isNull();
      time.assertNothingLeftOver();
    }
  }

  @Test
  @DisplayName("GO-5 a thread that waits for a channel is left over, though it is no go block")
  void threadLeftOver() throws Exception {
    try (TestTime time = TestTime.install()) {
      Channel<Integer> orders = Channel.<Integer>builder().name("orders").open();
      Thread till = Thread.ofPlatform().name("till").start(() -> takeAll(orders));
      while (orders.waitingTakers() == 0) {
        Thread.onSpinWait();
      }
      assertThatThrownBy(
              () -> {
                while (till.isAlive()) { // until it has parked
                  time.assertNothingLeftOver();
                }
              })
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("left over: 1 waiting thread")
          .hasMessageContaining("thread 'till'")
          .hasMessageContaining("take from channel 'orders'");
      orders.close();
      till.join();
      time.assertNothingLeftOver();
    }
  }

  @Test
  @DisplayName("GO-5 a block from before is not left over, though it waits by the clock meanwhile")
  void fromBefore() throws Exception {
    Channel<Integer> orders = Channel.<Integer>builder().name("orders").open();
    Channel<Void> till = go("till from before", () -> takeAll(orders));
    awaitWaiting("till from before");
    try (TestTime time = TestTime.install()) {
      orders.put(0);
      awaitWaiting("till from before");
      time.assertNothingLeftOver();
    }
    orders.close();
    assertThat(till.take()).isNull();
  }

  private static void awaitWaiting(String block) {
    while (Blocks.waiting().stream().noneMatch(waiting -> waiting.name().equals(block))) {
      Thread.onSpinWait();
    }
  }

  private static void takeAll(Channel<Integer> channel) {
    for (int value : channel) {
      assertThat(value).isZero();
    }
  }

  @Test
  @DisplayName("GO-5 what is kept for a peer is left over")
  void keptForPeers() {
    AtomicInteger early = new AtomicInteger(1);
    Keepers.Keeper old = () -> early.get() + " channels held by old";
    Keepers.enter(old);
    AtomicReference<@Nullable String> kept = new AtomicReference<>("2 channels held by b");
    Keepers.Keeper keeper = kept::get;
    try (TestTime time = TestTime.install(Duration.ofMillis(200))) {
      Keepers.enter(keeper);
      assertThatThrownBy(time::assertNothingLeftOver).hasMessage("left over: 2 channels held by b");
      kept.set(null);
      time.assertNothingLeftOver();
    } finally {
      Reference.reachabilityFence(old);
      Reference.reachabilityFence(keeper);
    }
  }

  @Test
  @DisplayName("GO-5 what is kept for a peer is not left over if it lets go while we look")
  void lettingGo() {
    AtomicInteger looks = new AtomicInteger();
    Keepers.Keeper keeper = () -> looks.incrementAndGet() < 3 ? "one more" : null;
    try (TestTime time = TestTime.install()) {
      Keepers.enter(keeper);
      time.assertNothingLeftOver();
      assertThat(looks).hasValue(3);
    } finally {
      Reference.reachabilityFence(keeper);
    }
  }

  @Test
  @DisplayName("GO-5 a test that hangs fails, and its message lists the blocks")
  void hung() throws Exception {
    try (TestTime time = TestTime.install(Duration.ofMillis(200))) {
      Channel<Integer> orders = Channel.<Integer>builder().name("orders").open();
      Channel<Integer> block = go("till", () -> orders.take());
      assertThatThrownBy(block::take)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("waited PT0.2S")
          .hasMessageContaining("go block 'till'")
          .hasMessageContaining("take from channel 'orders'");
      assertThatThrownBy(() -> chan().poll(MINUTE))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("for a time that it does not advance itself")
          .hasMessageContaining("go block 'till'");
      orders.put(7);
      assertThat(block.take()).as("nothing went to the take that was given up").isEqualTo(7);
      time.assertNothingLeftOver();
    }
  }

  @Test
  @DisplayName("GO-5 a block that does something else than wait is told with where it is")
  void busy() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    try (TestTime time = TestTime.install(Duration.ofMillis(200))) {
      go(
          "stubborn",
          () -> {
            latch.await();
            ended.set(true);
          });
      assertThatThrownBy(time::runUntilEveryBlockWaits)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("go block 'stubborn'")
          .hasMessageContaining("CountDownLatch.await");
      latch.countDown();
      time.runUntilEveryBlockWaits();
      assertThat(ended).isTrue();
    }
  }

  @Test
  @DisplayName("GO-5 there is one test time, for one thread, which does not go back")
  void misuse() {
    TestTime closed;
    try (TestTime time = TestTime.install()) {
      closed = time;
      assertThatIllegalStateException().isThrownBy(TestTime::install);
      assertThatIllegalArgumentException().isThrownBy(() -> time.advance(Duration.ofNanos(-1)));
      Channel<Void> block = go(time::runUntilEveryBlockWaits);
      assertThatThrownBy(block::take).hasCauseInstanceOf(IllegalCallerException.class);
    }
    assertThatIllegalStateException().isThrownBy(closed::runUntilEveryBlockWaits);
    assertThatIllegalArgumentException().isThrownBy(() -> TestTime.install(Duration.ZERO));
  }

  @Test
  @DisplayName("GO-5 what waits when the test time is closed goes on by the system's clock")
  void handOver() throws Exception {
    Channel<Void> timer;
    Channel<Boolean> limit;
    try (TestTime time = TestTime.install()) {
      timer = go(() -> timeout(Duration.ofMillis(5)).take());
      Csp.Body nothing = () -> {};
      limit = go(() -> chan().poll(Duration.ofMillis(5)) == null);
      assertThat(go(nothing).take()).isNull();
      time.runUntilEveryBlockWaits();
    }
    assertThat(timer.take()).isNull();
    assertThat(limit.take()).isTrue();
  }

  @Test
  @DisplayName("GO-5 a pipeline whose tasks all wait counts as waiting")
  void pipelines() throws Exception {
    try (TestTime time = TestTime.install()) {
      Channel<Integer> from = chan(4);
      for (int i = 0; i < 4; i++) {
        from.put(i);
      }
      from.close();
      Channel<Integer> to = chan(4);
      Pipeline.Task<Integer, Integer> slow =
          minutes -> {
            timeout(MINUTE.multipliedBy(4 - minutes)).take();
            return minutes;
          };
      Pipeline.ordered(2, from, to, Pipeline.OnFailure.stop(), slow);
      time.advance(MINUTE.multipliedBy(4).minusNanos(1));
      assertThat(to.poll()).as("the first has its turn").isNull();
      time.advance(Duration.ofNanos(1));
      assertThat(to.drain(4)).containsExactly(0, 1);
      time.advance(MINUTE.multipliedBy(2));
      assertThat(to.drain(4)).containsExactly(2, 3);
      time.assertNothingLeftOver();
    }
  }

  @Test
  @DisplayName("GO-5 a gatherer that the library runs for nobody counts until it is through")
  void gatherers() throws Exception {
    try (TestTime time = TestTime.install()) {
      GathererChannel<Integer> channel =
          GathererChannel.open(new Buffer.Fixed(2), null, null, Gathering.map(this::slowly), null);
      channel.putSide().putAsync(1, ANYHOW);
      time.runUntilEveryBlockWaits();
      assertThat(channel.takeSide().poll()).isEqualTo(1);
    }
  }

  private int slowly(int value) {
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < 20_000_000) {
      Thread.onSpinWait();
    }
    return value;
  }

  private static final PutHandler ANYHOW =
      new PutHandler() {
        @Override
        public void accepted() {}

        @Override
        public void refused() {}
      };

  @Test
  @DisplayName("GO-5 a patience may be without end")
  void endlessPatience() throws Exception {
    try (TestTime time = TestTime.install(ChronoUnit.FOREVER.getDuration())) {
      Channel<Integer> orders = chan();
      Channel<Integer> block = go(() -> orders.take());
      time.runUntilEveryBlockWaits();
      go(() -> orders.put(1));
      assertThat(block.take()).isEqualTo(1);
      time.assertNothingLeftOver();
    }
  }

  @Test
  @DisplayName("GO-5 a step that no clock can take is refused in words")
  void longestStep() {
    try (TestTime time = TestTime.install()) {
      for (Duration step :
          List.of(Duration.ofNanos(Long.MAX_VALUE), ChronoUnit.FOREVER.getDuration())) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> time.advance(step))
            .withMessageContaining("a step is");
      }
      Deadline deadline = Deadline.after(Duration.ofDays(20_000));
      time.advance(Duration.ofDays(20_000));
      assertThat(deadline.hasPassed()).isTrue();
    }
  }
}
