package dev.circulate.internal;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Alts;
import dev.circulate.Buffer;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AbandonedOperationsTest {
  private static final int EACH = 200_000;

  private static LocalChannel<Object> channel(int capacity) {
    return LocalChannel.open(
        capacity == 0 ? new Buffer.Rendezvous() : new Buffer.Fixed(capacity), null, null);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  @DisplayName("CH-12 a million abandoned operations leave two channels as they were")
  void nothingGrows(int capacity) throws Exception {
    LocalChannel<Object> empty = channel(capacity);
    LocalChannel<Object> full = channel(capacity);
    Object first = new Object();
    for (int i = 0; i < capacity; i++) {
      assertThat(full.offer(first)).isTrue();
    }
    List<WeakReference<Object>> given = new ArrayList<>();
    for (int i = 0; i < EACH; i++) {
      Object value = new Object();
      assertThat(empty.poll(Duration.ZERO)).isNull();
      assertThat(full.offer(value, Duration.ZERO)).isFalse();
      assertThat(empty.takeAsync(NOBODY).withdraw()).isTrue();
      assertThat(full.putAsync(value, NOBODY).withdraw()).isTrue();
      assertThat(giveUpAlts(empty, full, value)).isEqualTo("late");
      if (i % 1_000 == 0) {
        given.add(new WeakReference<>(value));
      }
    }
    for (LocalChannel<Object> each : List.of(empty, full)) {
      assertThat(each.waitingTakers()).isZero();
      assertThat(each.waitingPutters()).isZero();
    }
    until(
        "what was not put is collected",
        () -> {
          System.gc();
          return given.stream().map(WeakReference::get).noneMatch(Objects::nonNull);
        });
    assertThat(full.drain(2)).hasSize(capacity).allMatch(first::equals);
  }

  @Test
  @DisplayName("CH-12 who gives up leaves at once, however many wait before and behind")
  void leavesAtOnce() throws Exception {
    LocalChannel<Object> empty = channel(0);
    int waiting = 500_000;
    List<Pending> takes = new ArrayList<>();
    for (int i = 0; i < waiting; i++) {
      takes.add(empty.takeAsync(NOBODY));
    }
    int middle = waiting / 2;
    boolean allLeft =
        fork(() -> {
              boolean left = true;
              for (int i = 0; i < middle; i++) {
                left &= takes.get(middle + i).withdraw() && takes.get(middle - 1 - i).withdraw();
              }
              return left;
            })
            .join();
    assertThat(allLeft).isTrue();
    assertThat(empty.waitingTakers()).isZero();
  }

  private static String giveUpAlts(
      LocalChannel<Object> empty, LocalChannel<Object> full, Object value)
      throws InterruptedException {
    return Alts.<String>first()
        .take(empty, taken -> "took")
        .put(full, value, () -> "put")
        .timeout(Duration.ofNanos(1), () -> "late")
        .await();
  }

  private static final class Nobody implements TakeHandler<Object>, PutHandler {
    @Override
    public void taken(Object value) {
      throw new AssertionError("nobody put " + value);
    }

    @Override
    public void ended(@Nullable Throwable cause) {
      throw new AssertionError("nobody closed", cause);
    }

    @Override
    public void accepted() {
      throw new AssertionError("nobody took");
    }

    @Override
    public void refused() {
      throw new AssertionError("nobody closed");
    }
  }

  private static final Nobody NOBODY = new Nobody();

  @Test
  @DisplayName("CH-12 a thread that waited with a far limit, and has ended, is not kept until then")
  void limitIsForgotten() throws Exception {
    LocalChannel<Object> channel = channel(0);
    WeakReference<Thread> waited = waitLong(channel);
    until(
        "it is collected",
        () -> {
          System.gc();
          return waited.get() == null;
        });
    assertThat(channel.waitingTakers()).isZero();
  }

  /** A virtual thread that is no go block's, and was given what it waited for. */
  private static WeakReference<Thread> waitLong(LocalChannel<Object> channel)
      throws InterruptedException {
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    channel.poll(Duration.ofHours(1));
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                });
    until("it has parked", () -> isParked(thread));
    assertThat(channel.offer(new Object())).isTrue();
    thread.join();
    return new WeakReference<>(thread);
  }

  private static boolean isParked(Thread thread) {
    return LockSupport.getBlocker(thread) instanceof ThreadWaiter waiter && waiter.isParked();
  }
}
