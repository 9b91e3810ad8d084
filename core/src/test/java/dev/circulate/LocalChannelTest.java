package dev.circulate;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.circulate.contract.ChannelContract;
import dev.circulate.contract.Ends;
import dev.circulate.contract.LocalAltsContract;
import dev.circulate.contract.LocalContract;
import dev.circulate.contract.LossyContract;
import dev.circulate.contract.PromiseContract;
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
    java.util.concurrent.atomic.AtomicReference<Throwable> told =
        new java.util.concurrent.atomic.AtomicReference<>();
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
}
