package dev.circulate.contract;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Alts;
import dev.circulate.Buffer;
import dev.circulate.ChannelClosedException;
import dev.circulate.ChannelFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an alts promises over channels of a kind that makes its putters wait. */
public abstract class AltsContract extends ContractBase {
  private static final int ENDED = -1;

  protected AltsContract(Buffer buffer, Wiring wiring) {
    super(buffer, wiring);
  }

  /** Takes from either; answers {@link #ENDED} if the one that was chosen has ended. */
  private static int takeEither(Ends<Integer> a, Ends<Integer> b) throws InterruptedException {
    return Alts.<Integer>first()
        .take(a.taking(), value -> value)
        .take(b.taking(), value -> value)
        .onClosed(() -> ENDED)
        .await();
  }

  /** Puts to either; answers whether it went to the first. */
  private static boolean putEither(Ends<Integer> a, Ends<Integer> b, int value)
      throws InterruptedException {
    return Alts.<Boolean>first()
        .put(a.putting(), value, () -> true)
        .put(b.putting(), value, () -> false)
        .await();
  }

  @Test
  @DisplayName("AL-1 of two takes that wait one happens, and the other has no effect")
  void waitingTakes() throws Exception {
    Ends<Integer> a = open();
    Ends<Integer> b = open();
    Forked<Integer> either = fork(() -> takeEither(a, b));
    untilTakersWait(a, 1);
    untilTakersWait(b, 1);
    assertThat(b.putting().put(1)).isTrue();
    assertThat(either.join()).isEqualTo(1);
    untilTakersWait(a, 0);

    Forked<@Nullable Integer> next = fork(() -> a.taking().take());
    untilTakersWait(a, 1);
    assertThat(a.putting().put(2)).isTrue();
    assertThat(next.join()).isEqualTo(2);
  }

  @Test
  @DisplayName("AL-1 an interrupted alts throws, and nothing has happened")
  void interruptedAlts() throws Exception {
    Ends<Integer> a = open();
    Ends<Integer> b = open();
    Forked<Integer> either = fork(() -> takeEither(a, b));
    untilTakersWait(a, 1);
    untilTakersWait(b, 1);
    either.interrupt();
    either.joinFailure(InterruptedException.class);
    untilTakersWait(a, 0);
    untilTakersWait(b, 0);
    for (Ends<Integer> each : List.of(a, b)) {
      Forked<@Nullable Integer> next = fork(() -> each.taking().take());
      untilTakersWait(each, 1);
      assertThat(each.putting().put(7)).isTrue();
      assertThat(next.join()).isEqualTo(7);
    }
  }

  @Test
  @DisplayName("AL-1 an alts whose time is over has had no effect")
  void altsTimesOut() throws Exception {
    Ends<Integer> a = open();
    Ends<Integer> b = open();
    String answer =
        Alts.<String>first()
            .take(a.taking(), value -> "took " + value)
            .take(b.taking(), value -> "took " + value)
            .timeout(Duration.ofMillis(2), () -> "late")
            .await();
    assertThat(answer).isEqualTo("late");
    untilTakersWait(a, 0);
    untilTakersWait(b, 0);
    Forked<Boolean> putter = fork(() -> b.putting().put(3));
    assertThat(takeEither(a, b)).isEqualTo(3);
    assertThat(putter.join()).isTrue();
  }

  @Test
  @DisplayName("AL-1 many alts on two channels neither lose nor double a value")
  void manyAlts() throws Exception {
    Ends<Integer> a = open();
    Ends<Integer> b = open();
    int each = 500;
    List<Forked<@Nullable Void>> putters = new ArrayList<>();
    List<Forked<List<Integer>>> takers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int from = i * each;
      putters.add(
          fork(
              () -> {
                for (int value = from; value < from + each; value++) {
                  putEither(value % 2 == 0 ? a : b, value % 2 == 0 ? b : a, value);
                }
                return null;
              }));
      takers.add(
          fork(
              () -> {
                List<Integer> taken = new ArrayList<>();
                for (int value = takeEither(a, b); value != ENDED; value = takeEither(a, b)) {
                  taken.add(value);
                }
                // the one that ended won; the other may hold a few yet
                taken.addAll(takeAll(a));
                taken.addAll(takeAll(b));
                return taken;
              }));
    }
    for (Forked<?> putter : putters) {
      putter.join();
    }
    a.putting().close();
    b.putting().close();
    List<Integer> taken = new ArrayList<>();
    for (Forked<List<Integer>> taker : takers) {
      taken.addAll(taker.join());
    }
    Set<Integer> expected = new HashSet<>();
    for (int value = 0; value < 4 * each; value++) {
      expected.add(value);
    }
    assertThat(taken).doesNotHaveDuplicates();
    assertThat(new HashSet<>(taken)).isEqualTo(expected);
  }

  @Test
  @DisplayName("AL-2 takes and puts mix: alts that hand values round in a ring all go on")
  void ring() throws Exception {
    int size = 3;
    int rounds = 200;
    List<Ends<Integer>> channels = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      channels.add(open());
    }
    List<Forked<int[]>> members = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Ends<Integer> in = channels.get(i);
      Ends<Integer> out = channels.get((i + 1) % size);
      members.add(fork(() -> handRound(in, out, rounds)));
    }
    for (Forked<int[]> member : members) {
      assertThat(member.join()).containsExactly(rounds, rounds);
    }
  }

  /** Puts and takes {@code rounds} values each, in whatever order the alts chooses. */
  private static int[] handRound(Ends<Integer> in, Ends<Integer> out, int rounds)
      throws InterruptedException {
    int[] done = {0, 0};
    while (done[0] < rounds && done[1] < rounds) {
      Alts.<Integer>first()
          .put(out.putting(), done[0], () -> done[0]++)
          .take(
              in.taking(),
              value -> {
                assertThat(value).isEqualTo(done[1]);
                return done[1]++;
              })
          .await();
    }
    for (; done[0] < rounds; done[0]++) {
      assertThat(out.putting().put(done[0])).isTrue();
    }
    for (; done[1] < rounds; done[1]++) {
      assertThat(in.taking().take()).isEqualTo(done[1]);
    }
    return done;
  }

  @Test
  @DisplayName("AL-5 a closed channel is ready: its take and its put arm answer closed")
  void closedIsReady() throws Exception {
    Ends<Integer> open = open();
    Ends<Integer> closed = open();
    closed.putting().close();
    until("the taking end is closed", () -> closed.taking().isClosed());
    String taken =
        Alts.<String>first()
            .take(open.taking(), value -> "took " + value)
            .take(closed.taking(), value -> "took " + value)
            .onClosed(() -> "closed")
            .await();
    assertThat(taken).isEqualTo("closed");
    String put =
        Alts.<String>first()
            .take(open.taking(), value -> "took " + value)
            .put(closed.putting(), 1, () -> "put")
            .onClosed(() -> "closed")
            .await();
    assertThat(put).isEqualTo("closed");
    assertThatThrownBy(() -> Alts.<String>first().put(closed.putting(), 1, () -> "put").await())
        .isInstanceOf(ChannelClosedException.class)
        .hasMessageContaining("arm 1 found " + closed.putting() + " closed");
  }

  @Test
  @DisplayName("AL-5 a close ends the alts that waits for the channel")
  void closeEndsWaitingAlts() throws Exception {
    Ends<Integer> a = open();
    Ends<Integer> b = open();
    Forked<Integer> either = fork(() -> takeEither(a, b));
    untilTakersWait(a, 1);
    untilTakersWait(b, 1);
    b.putting().close();
    assertThat(either.join()).isEqualTo(ENDED);
    untilTakersWait(a, 0);
  }

  @Test
  @DisplayName("AL-5 a take arm whose channel was closed with a cause throws it")
  void causeIsThrown() throws Exception {
    Ends<Integer> a = open();
    Ends<Integer> b = open();
    Forked<Integer> either = fork(() -> takeEither(a, b));
    untilTakersWait(a, 1);
    untilTakersWait(b, 1);
    a.putting().close(new IllegalStateException("the well is dry"));
    assertThat(either.joinFailure(ChannelFailedException.class))
        .hasMessageContaining("the well is dry");
    untilTakersWait(b, 0);
  }

  /** Takes from either, and tells of which is the end. */
  private static String takeOrEnd(Ends<Integer> a, Ends<Integer> b) throws InterruptedException {
    return Alts.<String>first()
        .take(a.taking(), value -> "took " + value, why -> "the first ended " + words(why))
        .take(b.taking(), value -> "took " + value, why -> "the second ended " + words(why))
        .onClosed(() -> "closed")
        .await();
  }

  private static String words(@Nullable Throwable cause) {
    return cause == null ? "well" : "badly: " + cause.getMessage();
  }

  @Test
  @DisplayName("AL-5 a take arm with an answer for the end tells which has ended, and why")
  void ownAnswer() throws Exception {
    Ends<Integer> a = open();
    Ends<Integer> b = open();
    Forked<String> first = fork(() -> takeOrEnd(a, b));
    untilTakersWait(a, 1);
    untilTakersWait(b, 1);
    b.putting().close();
    assertThat(first.join()).isEqualTo("the second ended well");
    Ends<Integer> failing = open();
    Forked<String> second = fork(() -> takeOrEnd(failing, a));
    untilTakersWait(failing, 1);
    untilTakersWait(a, 1);
    failing.putting().close(new IllegalStateException("the well is dry"));
    assertThat(second.join()).startsWith("the first ended badly").contains("the well is dry");
    untilTakersWait(a, 0);
    assertThat(takeOrEnd(b, b)).isIn("the first ended well", "the second ended well");
    Forked<Boolean> putter = fork(() -> a.putting().put(7));
    assertThat(takeOrEnd(a, open())).isEqualTo("took 7");
    assertThat(putter.join()).isTrue();
  }

  @Test
  @DisplayName("AL-5 a put arm answers closed, also where a take would throw the channel's cause")
  void putArmOfFailed() throws Exception {
    Ends<Integer> failed = open();
    failed.putting().close(new IllegalStateException("the well is dry"));
    String answer =
        Alts.<String>first().put(failed.putting(), 1, () -> "put").onClosed(() -> "closed").await();
    assertThat(answer).isEqualTo("closed");
  }

  @Test
  @DisplayName("AL-5 a put arm can have an answer of its own for a channel that is closed")
  void ownAnswerOfPut() throws Exception {
    Ends<Integer> closed = open();
    closed.putting().close();
    Ends<Integer> failed = open();
    failed.putting().close(new IllegalStateException("the well is dry"));
    for (Ends<Integer> ends : List.of(closed, failed)) {
      String answer =
          Alts.<String>first()
              .put(ends.putting(), 1, () -> "put", refusal -> "refused, for " + refusal)
              .onClosed(() -> "closed")
              .await();
      assertThat(answer).isEqualTo("refused, for null");
    }
  }
}
