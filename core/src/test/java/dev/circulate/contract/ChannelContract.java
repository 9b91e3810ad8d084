package dev.circulate.contract;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Buffer;
import dev.circulate.ChannelFailedException;
import dev.circulate.InterruptedTakeException;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The laws that every channel keeps that gives each of its values to one taker. */
public abstract class ChannelContract extends ContractBase {

  protected ChannelContract(Buffer buffer, Wiring wiring) {
    super(buffer, wiring);
  }

  @Test
  @DisplayName("CH-1 put answers true when the value is accepted")
  void putAnswersTrue() throws Exception {
    Ends<String> ends = open();
    Forked<Boolean> putter = fork(() -> ends.putting().put("a"));
    assertThat(ends.taking().take()).isEqualTo("a");
    assertThat(putter.join()).isTrue();
  }

  @Test
  @DisplayName("CH-1 put answers false when the channel was closed first")
  void putAfterCloseAnswersFalse() throws Exception {
    Ends<String> ends = open();
    ends.putting().close();
    assertThat(ends.putting().put("late")).isFalse();
    assertThat(ends.putting().offer("late")).isFalse();
    assertThat(ends.putting().offer("late", Duration.ofSeconds(1))).isFalse();
    assertThat(takeAll(ends)).isEmpty();
  }

  @Test
  @DisplayName("CH-1 null is refused before anything happens")
  @SuppressWarnings({"DataFlowIssue", "NullAway"}) // that is the point
  void nullIsRefused() throws Exception {
    Ends<String> ends = open();
    assertThatNullPointerException().isThrownBy(() -> ends.putting().put(null));
    assertThatNullPointerException().isThrownBy(() -> ends.putting().offer(null));
    assertThatNullPointerException()
        .isThrownBy(() -> ends.putting().offer(null, Duration.ofSeconds(1)));
    ends.putting().close();
    assertThatNullPointerException().isThrownBy(() -> ends.putting().put(null));
    assertThatNullPointerException().isThrownBy(() -> ends.putting().offer(null));
    assertThat(takeAll(ends)).isEmpty();
  }

  @Test
  @DisplayName("CH-2 take waits for a value")
  void takeWaits() throws Exception {
    Ends<String> ends = open();
    Forked<@Nullable String> taker = fork(() -> ends.taking().take());
    untilTakersWait(ends, 1);
    assertThat(taker.isDone()).isFalse();
    assertThat(ends.putting().put("a")).isTrue();
    assertThat(taker.join()).isEqualTo("a");
  }

  @Test
  @DisplayName("CH-2 take answers null again and again once the channel is closed and drained")
  void takeAfterTheEnd() throws Exception {
    Ends<String> ends = open();
    ends.putting().close();
    assertThat(ends.taking().take()).isNull();
    assertThat(ends.taking().take()).isNull();
    assertThat(ends.taking().poll()).isNull();
    assertThat(ends.taking().poll(Duration.ofSeconds(1))).isNull();
    until("the taking end knows that it is closed", () -> ends.taking().isClosed());
  }

  @Test
  @DisplayName("CH-2 a timed take ends when its time is over, and has no effect")
  void timedTake() throws Exception {
    Ends<String> ends = open();
    assertThat(ends.taking().poll(Duration.ofMillis(2))).isNull();
    assertThat(ends.taking().poll(Duration.ofSeconds(-1))).isNull();
    Forked<Boolean> putter = fork(() -> ends.putting().put("a"));
    assertThat(ends.taking().poll(Until.PATIENCE)).isEqualTo("a");
    assertThat(putter.join()).isTrue();
  }

  @Test
  @DisplayName("CH-4 waiting takers are served first come, first served")
  void waitingTakersAreServedInOrder() throws Exception {
    Ends<Integer> ends = open();
    List<Forked<@Nullable Integer>> takers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      takers.add(fork(() -> ends.taking().take()));
      untilTakersWait(ends, i + 1);
    }
    for (int i = 0; i < 5; i++) {
      assertThat(ends.putting().put(i)).isTrue();
    }
    for (int i = 0; i < 5; i++) {
      assertThat(takers.get(i).join()).isEqualTo(i);
    }
  }

  @Test
  @DisplayName("CH-4 who gives up changes nothing in the order of the others that wait")
  void orderOfTheOthers() throws Exception {
    for (int leaving = 0; leaving < 4; leaving++) {
      Ends<Integer> ends = open();
      List<Forked<@Nullable Integer>> takers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        takers.add(fork(() -> ends.taking().take()));
        untilTakersWait(ends, i + 1);
      }
      Forked<@Nullable Integer> leaves = takers.remove(leaving);
      leaves.interrupt();
      leaves.joinFailure(InterruptedException.class);
      untilTakersWait(ends, 3);
      takers.add(fork(() -> ends.taking().take()));
      untilTakersWait(ends, 4);
      for (int i = 0; i < 4; i++) {
        assertThat(ends.putting().put(i)).isTrue();
      }
      for (int i = 0; i < 4; i++) {
        assertThat(takers.get(i).join()).as("once number %s had left", leaving).isEqualTo(i);
      }
    }
  }

  @Test
  @DisplayName("CH-6 an interrupted take throws, and takes nothing")
  void interruptedTake() throws Exception {
    Ends<String> ends = open();
    Forked<@Nullable String> interrupted = fork(() -> ends.taking().take());
    untilTakersWait(ends, 1);
    interrupted.interrupt();
    interrupted.joinFailure(InterruptedException.class);
    untilTakersWait(ends, 0);
    Forked<@Nullable String> next = fork(() -> ends.taking().take());
    untilTakersWait(ends, 1);
    assertThat(ends.putting().put("a")).isTrue();
    assertThat(next.join()).isEqualTo("a");
  }

  @Test
  @DisplayName(
      "CH-6 an interrupt against a hand-over: an exception or a value, never both or neither")
  void interruptAgainstHandOver() throws Exception {
    Ends<Integer> ends = open();
    for (int round = 0; round < tries(ends, 300); round++) {
      int sent = round;
      CountDownLatch interruptIsSent = new CountDownLatch(1);
      Forked<@Nullable Integer> taker =
          fork(
              () -> {
                Integer value;
                try {
                  value = ends.taking().take();
                } catch (InterruptedException e) {
                  return null;
                }
                assertThat(isInterruptedOnce(interruptIsSent))
                    .as("the interrupt is pending")
                    .isTrue();
                return value;
              });
      untilTakersWait(ends, 1);
      Forked<Boolean> putter = fork(() -> ends.putting().put(sent));
      taker.interrupt();
      interruptIsSent.countDown();
      Integer taken = taker.join();
      if (taken == null) {
        taken = ends.taking().take();
      }
      assertThat(taken).isEqualTo(sent);
      assertThat(putter.join()).isTrue();
    }
  }

  @Test
  @DisplayName("CH-7 close can be repeated, from both ends")
  void closeIsIdempotent() throws Exception {
    Ends<String> ends = open();
    ends.putting().close();
    ends.putting().close();
    ends.taking().close();
    ends.taking().close();
    assertThat(takeAll(ends)).isEmpty();
    until("the putting end is closed", () -> ends.putting().isClosed());
  }

  @Test
  @DisplayName("CH-7 waiting takers get null at close")
  void closeEndsWaitingTakers() throws Exception {
    Ends<String> ends = open();
    Forked<@Nullable String> first = fork(() -> ends.taking().take());
    Forked<@Nullable String> second = fork(() -> ends.taking().poll(Until.PATIENCE));
    untilTakersWait(ends, 2);
    ends.putting().close();
    assertThat(first.join()).isNull();
    assertThat(second.join()).isNull();
  }

  @Test
  @DisplayName("CH-7 a close at the taking end reaches the putting end")
  void closeAtTheTakingEnd() throws Exception {
    Ends<String> ends = open();
    ends.taking().close();
    until("the putting end is closed", () -> ends.putting().isClosed());
    assertThat(ends.putting().put("late")).isFalse();
    assertThat(takeAll(ends)).isEmpty();
  }

  @Test
  @DisplayName("CH-8 a drained channel that was closed with a cause fails each take with it")
  void closeWithCause() throws Exception {
    Ends<String> ends = open();
    ends.putting().close(new IllegalStateException("the well is dry"));
    ends.putting().close(new IllegalStateException("a later cause"));
    Forked<@Nullable String> first = fork(() -> ends.taking().take());
    Forked<@Nullable String> second = fork(() -> ends.taking().poll(Until.PATIENCE));
    ChannelFailedException one = first.joinFailure(ChannelFailedException.class);
    ChannelFailedException two = second.joinFailure(ChannelFailedException.class);
    assertThat(one).isNotSameAs(two).hasMessageContaining("the well is dry");
    assertThat(one.getCause()).hasMessageContaining("the well is dry");
    assertThat(ends.taking().closeCause()).hasMessageContaining("the well is dry");
    assertThat(ends.putting().put("late")).isFalse();
  }

  @Test
  @DisplayName("CH-8 a close with a cause fails the takers that wait")
  void closeWithCauseFailsWaitingTakers() throws Exception {
    Ends<String> ends = open();
    Forked<@Nullable String> first = fork(() -> ends.taking().take());
    Forked<@Nullable String> second = fork(() -> ends.taking().take());
    untilTakersWait(ends, 2);
    ends.putting().close(new IllegalStateException("the well is dry"));
    assertThat(first.joinFailure(ChannelFailedException.class))
        .isNotSameAs(second.joinFailure(ChannelFailedException.class))
        .hasMessageContaining("the well is dry");
  }

  @Test
  @DisplayName(
      "CH-8 a cause that throws when it is asked what it says fails the takers all the same")
  void speechlessCause() throws Exception {
    Ends<String> ends = open();
    Forked<@Nullable String> taker = fork(() -> ends.taking().take());
    untilTakersWait(ends, 1);
    ends.putting().close(new Speechless());
    assertThat(taker.joinFailure(ChannelFailedException.class)).hasMessageContaining("Speechless");
  }

  @Test
  @DisplayName("CH-8 a plain close has no cause")
  void plainCloseHasNoCause() throws Exception {
    Ends<String> ends = open();
    assertThat(ends.taking().closeCause()).isNull();
    ends.putting().close();
    assertThat(takeAll(ends)).isEmpty();
    assertThat(ends.taking().closeCause()).isNull();
  }

  @Test
  @DisplayName("CH-8b cancel at the taking end refuses puts at the other, and ends takes")
  void cancelRefuses() throws Exception {
    Ends<String> ends = open();
    Forked<@Nullable String> taker = fork(() -> ends.taking().take());
    untilTakersWait(ends, 1);
    ends.taking().cancel();
    assertThat(taker.join()).isNull();
    until("the putting end is closed", () -> ends.putting().isClosed());
    assertThat(ends.putting().put("unwanted")).isFalse();
    assertThat(ends.taking().take()).isNull();
  }

  @Test
  @DisplayName("CH-8b cancel with a cause fails the takers that wait")
  void cancelWithCause() throws Exception {
    Ends<String> ends = open();
    Forked<@Nullable String> taker = fork(() -> ends.taking().take());
    untilTakersWait(ends, 1);
    ends.taking().cancel(new IllegalStateException("had enough"));
    assertThat(taker.joinFailure(ChannelFailedException.class)).hasMessageContaining("had enough");
    assertThat(ends.taking().closeCause()).hasMessageContaining("had enough");
    until("the putting end is closed", () -> ends.putting().isClosed());
  }

  @Test
  @DisplayName("CH-11 a for loop, and a stream, end at close")
  void iteration() throws Exception {
    Ends<Integer> ends = open();
    Forked<List<Integer>> loop =
        fork(
            () -> {
              List<Integer> seen = new ArrayList<>();
              for (int value : ends.taking()) {
                seen.add(value);
              }
              return seen;
            });
    for (int i = 0; i < 3; i++) {
      assertThat(ends.putting().put(i)).isTrue();
    }
    ends.putting().close();
    assertThat(loop.join()).containsExactly(0, 1, 2);

    Ends<Integer> streamed = open();
    Forked<Integer> sum = fork(() -> streamed.taking().stream().mapToInt(Integer::intValue).sum());
    for (int i = 0; i < 3; i++) {
      assertThat(streamed.putting().put(i)).isTrue();
    }
    streamed.putting().close();
    assertThat(sum.join()).isEqualTo(3);
  }

  @Test
  @DisplayName("CH-8 CH-11 a loop, and a stream, over a channel that fails throw its cause")
  void iterationOfFailed() throws Exception {
    Ends<Integer> ends = open();
    List<Integer> seen = new CopyOnWriteArrayList<>();
    Forked<Boolean> loop =
        fork(
            () -> {
              for (int value : ends.taking()) {
                seen.add(value);
              }
              return true;
            });
    assertThat(ends.putting().put(7)).isTrue();
    ends.putting().close(new IllegalStateException("the well is dry"));
    assertThat(loop.joinFailure(ChannelFailedException.class))
        .hasMessageContaining("the well is dry");
    assertThat(seen).containsExactly(7);
    assertThat(fork(() -> ends.taking().stream().count()).joinFailure(ChannelFailedException.class))
        .hasMessageContaining("the well is dry");
  }

  @Test
  @DisplayName("CH-11 an interrupt ends an iteration, its status set again")
  void interruptedIteration() throws Exception {
    Ends<Integer> ends = open();
    Forked<Boolean> pending =
        fork(
            () -> {
              assertThatThrownBy(() -> ends.taking().iterator().hasNext())
                  .isInstanceOf(InterruptedTakeException.class);
              return Thread.currentThread().isInterrupted();
            });
    untilTakersWait(ends, 1);
    pending.interrupt();
    assertThat(pending.join()).isTrue();
  }

  @Test
  @DisplayName("DI-12 the two faces of a channel are that channel, each with its own methods only")
  void faces() throws Exception {
    Ends<String> ends = open();
    ReadPort<String> out = ends.taking().readPort();
    WritePort<String> in = ends.putting().writePort();
    assertThat(out).isNotInstanceOf(WritePort.class).isNotInstanceOf(AutoCloseable.class);
    assertThat(in).isNotInstanceOf(ReadPort.class).isNotInstanceOf(AutoCloseable.class);
    Forked<@Nullable String> taker = fork(out::take);
    untilTakersWait(ends, 1);
    assertThat(in.put("a")).isTrue();
    assertThat(taker.join()).isEqualTo("a");
    ends.putting().close();
    assertThat(in.isClosed()).isTrue();
    assertThat(out.take()).isNull();
  }
}
