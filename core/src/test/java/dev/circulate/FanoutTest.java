package dev.circulate;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.contract.Forked;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.PutSide;
import dev.circulate.internal.Uncaught;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FanoutTest {
  private final Channel<Integer> tap = Csp.chan(1);
  private final WritePort<Integer> face = tap.writePort();

  @Test
  @DisplayName("CH-12 a channel keeps nothing of a fan-out that it was a tap of, and stays open")
  void keepsNothing() {
    List<WeakReference<?>> gone =
        List.of(
            after(fanout -> fanout.remove(face)),
            after(Fanout::removeAll),
            after(
                fanout -> {
                  fanout.add(new Fanout.Tap<>(face, SlowTap.DROP));
                  fanout.remove(face);
                }),
            after(fanout -> fanout.end(null)),
            after(
                fanout -> {
                  fanout.end(null);
                  fanout.add(new Fanout.Tap<>(face, SlowTap.DROP));
                }));
    until(
        () -> "none is left of " + gone.stream().map(WeakReference::get).toList(),
        () -> {
          System.gc();
          return gone.stream().allMatch(each -> each.get() == null);
        });
    assertThat(tap.isClosed()).isFalse();
  }

  /** When a tap refuses. */
  enum Refusal {
    WHEN_ASKED,
    ONCE_PUT,
    ONCE_PUT_AND_FROM_THEN_ON
  }

  /** Has no room, and refuses the value that waits for it. */
  private static final class Picky implements WritePort<Integer>, PutSide<Integer> {
    private final LocalChannel<Integer> channel;
    private final Refusal when;
    private final RuntimeException refusal;
    private boolean over;

    Picky(LocalChannel<Integer> channel, Refusal when, RuntimeException refusal) {
      this.channel = channel;
      this.when = when;
      this.refusal = refusal;
    }

    @Override
    public boolean put(Integer value) throws InterruptedException {
      return channel.put(value);
    }

    @Override
    public boolean offer(Integer value) {
      if (over) {
        throw refusal;
      }
      return false; // whoever takes meanwhile, the value has to wait
    }

    @Override
    public boolean offer(Integer value, Duration timeout) throws InterruptedException {
      return channel.offer(value, timeout);
    }

    @Override
    public boolean isClosed() {
      return channel.isClosed();
    }

    @Override
    public LocalChannel<Integer> putSide() {
      return channel;
    }

    @Override
    public Object asPut(Integer value) {
      if (when == Refusal.WHEN_ASKED) {
        throw refusal;
      }
      return value;
    }

    @Override
    public void afterPut(Object put) {
      over = when == Refusal.ONCE_PUT_AND_FROM_THEN_ON;
      throw refusal;
    }
  }

  @ParameterizedTest(name = "{displayName}: {0}")
  @EnumSource
  @DisplayName("CH-5 a tap that is waited for and refuses the value leaves, and is not asked again")
  void refusesLater(Refusal when) throws Exception {
    IllegalStateException refusal = new IllegalStateException("not any more");
    List<Throwable> told = new CopyOnWriteArrayList<>();
    UncaughtHandler before = Uncaught.install((_, failure) -> told.add(failure));
    try {
      LocalChannel<Integer> full = LocalChannel.open(new Buffer.Rendezvous(), null, null);
      Fanout<Integer> fanout = new Fanout<>();
      fanout.add(new Fanout.Tap<>(new Picky(full, when, refusal), SlowTap.WAIT));
      fanout.add(new Fanout.Tap<>(tap, SlowTap.WAIT));
      Forked<Boolean> delivery =
          fork(
              () -> {
                fanout.deliver(1);
                fanout.deliver(2);
                return true;
              });
      assertThat(tap.take()).isEqualTo(1);
      if (when != Refusal.WHEN_ASKED) {
        assertThat(full.take()).isEqualTo(1);
      }
      assertThat(tap.take()).isEqualTo(2);
      assertThat(delivery.join()).isTrue();
      assertThat(told).containsExactly(refusal);
      assertThat(full.waitingPutters()).isZero();
    } finally {
      Uncaught.install(before);
    }
  }

  private WeakReference<?> after(Consumer<Fanout<Integer>> leave) {
    Fanout<Integer> fanout = new Fanout<>();
    fanout.add(new Fanout.Tap<>(face, SlowTap.WAIT));
    leave.accept(fanout);
    return new WeakReference<>(fanout);
  }
}
