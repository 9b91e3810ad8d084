package dev.circulate;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.contract.ChannelContract;
import dev.circulate.contract.Ends;
import dev.circulate.contract.LocalAltsContract;
import dev.circulate.contract.LocalContract;
import dev.circulate.contract.LossyContract;
import dev.circulate.contract.PromiseContract;
import dev.circulate.contract.Until;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract, kept by the channels that live here. */
class LocalChannelTest {

  @Nested
  class Rendezvous extends LocalContract {
    Rendezvous() {
      super(new Buffer.Rendezvous());
    }
  }

  @Nested
  class FixedOne extends LocalContract {
    FixedOne() {
      super(new Buffer.Fixed(1));
    }
  }

  /** Not a power of two: the ring has a slot that no value is in. */
  @Nested
  class FixedThree extends LocalContract {
    FixedThree() {
      super(new Buffer.Fixed(3));
    }
  }

  @Nested
  class FixedSixteen extends LocalContract {
    FixedSixteen() {
      super(new Buffer.Fixed(16));
    }
  }

  @Nested
  class Dropping extends LossyContract {
    Dropping() {
      super(new Buffer.Dropping(8), Ends::same);
    }
  }

  @Nested
  class Sliding extends LossyContract {
    Sliding() {
      super(new Buffer.Sliding(8), Ends::same);
    }
  }

  @Nested
  class Unbounded extends ChannelContract {
    Unbounded() {
      super(new Buffer.Unbounded(), Ends::same);
    }

    @Test
    @DisplayName("CH-9 an unbounded buffer takes whatever is put")
    void neverFull() throws Exception {
      Channel<Integer> channel = Csp.chan(Csp.unbounded());
      for (int i = 0; i < 10_000; i++) {
        assertThat(channel.offer(i)).isTrue();
      }
      assertThat(channel.buffered()).isEqualTo(10_000);
      assertThat(channel.drain(10_001)).hasSize(10_000);
    }
  }

  @Nested
  class Promise extends PromiseContract {
    Promise() {
      super(Ends::same);
    }

    @Test
    @DisplayName("CH-3 CH-9 drain takes a promise's value once, though it stays")
    void drainEnds() {
      Channel<String> promise = Csp.chan(Csp.promise());
      assertThat(promise.drain(10)).isEmpty();
      promise.offer("kept");
      assertThat(promise.drain(10)).containsExactly("kept");
      assertThat(promise.poll()).isEqualTo("kept");
    }

    @Test
    @DisplayName("CH-8b CH-9 a promise that was kept and is cancelled has its value no more")
    void cancelled() throws Exception {
      Channel<String> promise = Csp.chan(Csp.promise());
      assertThat(promise.offer("kept")).isTrue();
      promise.cancel();
      assertThat(promise.buffered()).isZero();
      assertThat(promise.poll()).isNull();
      assertThat(promise.take()).isNull();
    }

    @Test
    @DisplayName("CH-9 CH-13 what comes to a promise after its value is undelivered")
    void laterValues() throws Exception {
      List<String> undelivered = new CopyOnWriteArrayList<>();
      Channel<String> promise =
          Channel.<String>builder().buffer(Csp.promise()).onUndelivered(undelivered::add).open();
      assertThat(promise.put("kept")).isTrue();
      assertThat(promise.put("late")).isTrue();
      assertThat(promise.offer("later")).isTrue();
      assertThat(undelivered).containsExactly("late", "later");
    }
  }

  @Nested
  class RendezvousAlts extends LocalAltsContract {
    RendezvousAlts() {
      super(new Buffer.Rendezvous());
    }
  }

  @Nested
  class FixedOneAlts extends LocalAltsContract {
    FixedOneAlts() {
      super(new Buffer.Fixed(1));
    }
  }

  @Nested
  class FixedSixteenAlts extends LocalAltsContract {
    FixedSixteenAlts() {
      super(new Buffer.Fixed(16));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Buffer.MAX_CAPACITY + 1})
  @DisplayName("CH-9 a bad capacity is refused, and named")
  void badCapacity(int capacity) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Csp.fixed(capacity))
        .withMessageContaining(Integer.toString(capacity));
    assertThatIllegalArgumentException().isThrownBy(() -> Csp.dropping(capacity));
    assertThatIllegalArgumentException().isThrownBy(() -> Csp.sliding(capacity));
    assertThatIllegalArgumentException().isThrownBy(() -> Csp.chan(capacity));
  }

  @Test
  @DisplayName("CH-13 what a hook throws goes to the uncaught handler, and the put succeeds")
  void hookThatThrows() throws Exception {
    AtomicReference<Throwable> told = new AtomicReference<>();
    UncaughtHandler before = Csp.setUncaughtHandler((where, failure) -> told.set(failure));
    try {
      Channel<Integer> channel =
          Channel.<Integer>builder()
              .buffer(Csp.dropping(1))
              .onUndelivered(
                  value -> {
                    throw new IllegalStateException("hook of " + value);
                  })
              .open();
      assertThat(channel.put(1)).isTrue();
      assertThat(channel.put(2)).isTrue();
      until("the handler is told", () -> told.get() != null);
      assertThat(told.get()).hasMessage("hook of 2");
    } finally {
      Csp.setUncaughtHandler(before);
    }
  }

  @Test
  @DisplayName("CH-8 GO-4 the exception of a failed take names the channel")
  void failureNamesChannel() throws Exception {
    Channel<Integer> orders = Channel.<Integer>builder().name("orders").open();
    orders.close(new IllegalStateException("sold out"));
    assertThatThrownBy(orders::take).hasMessageContaining("channel 'orders'");
  }

  @Test
  @DisplayName("CH-13 what an offer makes a buffer lose is undelivered")
  void lostByOffer() {
    List<Integer> undelivered = new CopyOnWriteArrayList<>();
    for (Buffer buffer : List.of(Csp.dropping(1), Csp.sliding(1))) {
      Channel<Integer> channel =
          Channel.<Integer>builder().buffer(buffer).onUndelivered(undelivered::add).open();
      assertThat(channel.offer(1)).isTrue();
      assertThat(channel.offer(2)).isTrue();
    }
    assertThat(undelivered).as("the newest, and the oldest").containsExactly(2, 1);
  }

  @Test
  @DisplayName(
      "CH-8b CH-13 a cancel hands over all that a buffer holds, of whatever kind, in order")
  void cancelHandsOverAll() {
    for (Buffer buffer : List.of(Csp.fixed(4), Csp.dropping(4), Csp.sliding(4), Csp.unbounded())) {
      List<Integer> undelivered = new CopyOnWriteArrayList<>();
      Channel<Integer> channel =
          Channel.<Integer>builder().buffer(buffer).onUndelivered(undelivered::add).open();
      for (int i = 0; i < 3; i++) {
        assertThat(channel.offer(i)).isTrue();
      }
      channel.cancel();
      assertThat(undelivered).as("of %s", buffer).containsExactly(0, 1, 2);
      assertThat(channel.buffered()).isZero();
    }
  }

  @Test
  @DisplayName("CH-15 a hook is called with no lock held: others use the channel meanwhile")
  void hookHoldsUpNobody() throws Exception {
    AtomicReference<@Nullable Channel<Integer>> self = new AtomicReference<>();
    List<Boolean> othersWentOn = new CopyOnWriteArrayList<>();
    Channel<Integer> channel =
        Channel.<Integer>builder()
            .buffer(Csp.sliding(1))
            .onUndelivered(_ -> othersWentOn.add(canBeUsed(self)))
            .open();
    self.set(channel);
    assertThat(channel.put(1)).isTrue();
    assertThat(channel.put(2)).isTrue();
    assertThat(othersWentOn).as("a put lost a value").containsExactly(true);
    assertThat(channel.put(3)).isTrue();
    assertThat(channel.offer(4)).isTrue();
    assertThat(othersWentOn).as("an offer did, too").containsExactly(true, true);
    assertThat(channel.put(5)).isTrue();
    channel.cancel();
    assertThat(othersWentOn).as("and a cancel").containsExactly(true, true, true);
  }

  /** Whether another thread gets through a poll. */
  private static boolean canBeUsed(AtomicReference<@Nullable Channel<Integer>> channel) {
    Thread other = Thread.startVirtualThread(() -> Objects.requireNonNull(channel.get()).poll());
    try {
      return other.join(Until.PATIENCE.dividedBy(3));
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Test
  @DisplayName(
      "CH-9 CH-13 each channel of a builder has all that it was told, and values of its own")
  void severalOfOneBuilder() {
    List<Integer> undelivered = new CopyOnWriteArrayList<>();
    ChannelBuilder<Integer> builder =
        Channel.<Integer>builder()
            .name("twin")
            .buffer(Csp.dropping(1))
            .onUndelivered(undelivered::add);
    for (Channel<Integer> twin : List.of(builder.open(), builder.open())) {
      assertThat(twin.toString()).isEqualTo("channel 'twin'");
      assertThat(twin.offer(1)).isTrue();
      assertThat(twin.offer(2)).isTrue();
      assertThat(twin.poll()).isEqualTo(1);
    }
    assertThat(undelivered).containsExactly(2, 2);
    builder.gather(Gathering.take(1));
    for (Channel<Integer> twin : List.of(builder.open(), builder.open())) {
      assertThat(twin.offer(1)).isTrue();
      assertThat(twin.isClosed()).as("it has let its one value through").isTrue();
    }
  }

  @Test
  @DisplayName("CH-5 CH-11 a loop, or a stream, that is left early has taken what it gave, no more")
  void leftEarly() {
    Channel<Integer> channel = Csp.chan(4);
    for (int i = 0; i < 4; i++) {
      assertThat(channel.offer(i)).isTrue();
    }
    Iterator<Integer> left = channel.iterator();
    assertThat(left.next()).isEqualTo(0);
    Stream<Integer> cut = channel.stream();
    assertThat(cut.isParallel()).isFalse();
    assertThat(cut.limit(2)).containsExactly(1, 2);
    assertThat(channel.drain(4)).containsExactly(3);
    channel.close();
    assertThat(left.hasNext()).isFalse();
    assertThatThrownBy(left::next)
        .isInstanceOf(NoSuchElementException.class)
        .hasMessageContaining("closed and drained");
  }

  @Test
  @DisplayName("CH-1 CH-2 CH-9 what has no time puts to, and takes from, a buffer of any kind")
  void noTimeIsEnough() throws Exception {
    for (Buffer buffer :
        List.of(Csp.fixed(1), Csp.dropping(1), Csp.sliding(1), Csp.promise(), Csp.unbounded())) {
      for (Duration none : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
        Channel<Integer> channel = Csp.chan(buffer);
        assertThat(channel.offer(1, none)).as("to %s", buffer).isTrue();
        assertThat(channel.poll(none)).as("of %s", buffer).isEqualTo(1);
      }
    }
  }
}
