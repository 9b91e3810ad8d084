package dev.circulate.contract;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Alts;
import dev.circulate.Buffer;
import dev.circulate.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an alts promises besides over channels that are here. */
public abstract class LocalAltsContract extends AltsContract {

  protected LocalAltsContract(Buffer buffer) {
    super(buffer, Ends::same);
  }

  private <T> Channel<T> channel() {
    return this.<T>open().putting();
  }

  /** Fills the channel, so that no put to it is ready. */
  private void fill(Channel<Integer> channel) {
    for (int i = 0; i < capacity(); i++) {
      assertThat(channel.offer(i)).isTrue();
    }
  }

  @Test
  @DisplayName("AL-2 one channel in two take arms: one value is taken, by one arm")
  void sameChannelTwice() throws Exception {
    Channel<Integer> channel = channel();
    Forked<Integer> twice =
        fork(
            () ->
                Alts.<Integer>first()
                    .take(channel, value -> value)
                    .take(channel, value -> value)
                    .await());
    until("both arms wait", () -> channel.waitingTakers() == 2);
    assertThat(channel.offer(1)).isTrue();
    assertThat(twice.join()).isEqualTo(1);
    until("no arm waits", () -> channel.waitingTakers() == 0);
    assertThat(channel.poll()).isNull();
  }

  @Test
  @DisplayName(
      "AL-2 an alts never meets itself: its put and its take on one channel wait for others")
  void neverMeetsItself() throws Exception {
    Channel<Integer> channel = channel();
    if (capacity() > 0) {
      assertThat(both(channel)).as("with room the put arm is ready").isEqualTo("put");
      assertThat(channel.drain(capacity() + 1)).containsExactly(-1);
      return;
    }
    Forked<String> first = fork(() -> both(channel));
    until("both arms wait", () -> channel.waitingTakers() + channel.waitingPutters() == 2);
    Forked<String> second = fork(() -> both(channel));
    assertThat(List.of(first.join(), second.join())).containsExactlyInAnyOrder("put", "took -1");
    Forked<String> third = fork(() -> both(channel));
    until("both arms wait", () -> channel.waitingTakers() + channel.waitingPutters() == 2);
    assertThat(channel.poll()).isEqualTo(-1);
    assertThat(third.join()).isEqualTo("put");
    Forked<String> fourth = fork(() -> both(channel));
    until("both arms wait", () -> channel.waitingTakers() + channel.waitingPutters() == 2);
    assertThat(channel.offer(4)).isTrue();
    assertThat(fourth.join()).isEqualTo("took 4");
    until("no arm waits", () -> channel.waitingTakers() + channel.waitingPutters() == 0);
  }

  private static String both(Channel<Integer> channel) throws InterruptedException {
    return Alts.<String>first()
        .put(channel, -1, () -> "put")
        .take(channel, value -> "took " + value)
        .onClosed(() -> "closed")
        .await();
  }

  @Test
  @DisplayName("AL-5 an alts that waits to put to a channel and to take from it ends with it")
  void bothEnd() throws Exception {
    Channel<Integer> channel = channel();
    if (capacity() > 0) {
      return; // one of the two is always ready
    }
    Forked<String> both = fork(() -> both(channel));
    until("both arms wait", () -> channel.waitingTakers() + channel.waitingPutters() == 2);
    channel.close();
    assertThat(both.join()).isEqualTo("closed");
    assertThat(channel.poll()).isNull();
  }

  @Test
  @DisplayName("AL-3 of several that are ready each is chosen equally often")
  void uniform() throws Exception {
    List<Channel<Integer>> channels = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      channels.add(channel());
    }
    List<Forked<Integer>> putters = new ArrayList<>();
    for (Channel<Integer> channel : channels) {
      putters.add(fork(() -> putUntilRefused(channel)));
    }
    int draws = 1_000;
    int[] chosen = new int[channels.size()];
    for (int draw = 0; draw < draws; draw++) {
      until("all are ready", () -> channels.stream().allMatch(c -> c.waitingPutters() == 1));
      Alts<Integer> alts = Alts.first();
      for (int i = 0; i < channels.size(); i++) {
        int index = i;
        alts.take(channels.get(i), _ -> index);
      }
      chosen[alts.await()]++;
    }
    channels.forEach(Channel::cancel);
    for (Forked<Integer> putter : putters) {
      putter.join();
    }
    assertUniform(chosen, draws);
  }

  @Test
  @DisplayName("AL-3 of several arms two of which are ready each of the two is chosen as often")
  void uniformAmongTheReady() throws Exception {
    List<Channel<Integer>> ready = List.of(channel(), channel());
    List<Channel<Integer>> empty = List.of(channel(), channel());
    List<Forked<Integer>> putters = new ArrayList<>();
    for (Channel<Integer> channel : ready) {
      putters.add(fork(() -> putUntilRefused(channel)));
    }
    int draws = 1_000;
    int[] chosen = new int[ready.size()];
    for (int draw = 0; draw < draws; draw++) {
      until("both are ready", () -> ready.stream().allMatch(c -> c.waitingPutters() == 1));
      Alts<Integer> alts = Alts.first();
      for (int i = 0; i < ready.size(); i++) {
        int index = i;
        alts.take(ready.get(i), _ -> index);
      }
      empty.forEach(channel -> alts.take(channel, _ -> -1));
      chosen[alts.await()]++;
    }
    ready.forEach(Channel::cancel);
    for (Forked<Integer> putter : putters) {
      putter.join();
    }
    assertUniform(chosen, draws);
  }

  private static int putUntilRefused(Channel<Integer> channel) throws InterruptedException {
    int accepted = 0;
    while (channel.put(accepted)) {
      accepted++;
    }
    return accepted;
  }

  /** With three degrees of freedom chi-square exceeds 30 once in 700,000 times; else less often. */
  private static void assertUniform(int[] chosen, int draws) {
    double expected = (double) draws / chosen.length;
    double chiSquare = 0;
    for (int count : chosen) {
      chiSquare += (count - expected) * (count - expected) / expected;
    }
    assertThat(chiSquare).as("chi-square of %s", chosen).isLessThan(30);
  }

  @Test
  @DisplayName("AL-3 with priority the first ready arm is chosen")
  void priority() throws Exception {
    Channel<Integer> busy = channel();
    Channel<Integer> closed = channel();
    closed.close();
    Forked<Integer> putter = fork(() -> putUntilRefused(busy));
    for (int i = 0; i < 100; i++) {
      until("the first is ready", () -> busy.waitingPutters() == 1);
      String answer =
          Alts.<String>first()
              .take(busy, value -> "first")
              .take(closed, value -> "second")
              .onClosed(() -> "closed")
              .priority()
              .await();
      assertThat(answer).isEqualTo("first");
    }
    busy.cancel();
    putter.join();
  }

  @Test
  @DisplayName("AL-4 with a default the call never waits, and leaves nothing behind")
  void defaultAnswer() throws Exception {
    Channel<Integer> empty = channel();
    Channel<Integer> full = channel();
    fill(full);
    String answer =
        Alts.<String>first()
            .take(empty, value -> "took")
            .put(full, -1, () -> "put")
            .orElse(() -> "nothing")
            .await();
    assertThat(answer).isEqualTo("nothing");
    Thread.currentThread().interrupt();
    answer =
        Alts.<String>first()
            .take(empty, value -> "took")
            .put(full, -1, () -> "put")
            .orElse(() -> "nothing")
            .await();
    assertThat(Thread.interrupted()).as("an interrupt, which would end a wait").isTrue();
    assertThat(answer).isEqualTo("nothing");
    assertThat(full.drain(capacity() + 1)).hasSize(capacity());
  }

  @Test
  @DisplayName("AL-1 a put arm that waits is taken, and the other put arm's value never is")
  void waitingPutArms() throws Exception {
    Channel<Integer> a = channel();
    Channel<Integer> b = channel();
    fill(a);
    fill(b);
    Forked<String> either =
        fork(() -> Alts.<String>first().put(a, -1, () -> "a").put(b, -2, () -> "b").await());
    until("both arms wait", () -> a.waitingPutters() == 1 && b.waitingPutters() == 1);
    assertThat(b.poll()).isEqualTo(capacity() > 0 ? 0 : -2);
    assertThat(either.join()).isEqualTo("b");
    until("no arm waits", () -> a.waitingPutters() == 0);
    assertThat(a.drain(capacity() + 1)).hasSize(capacity()).doesNotContain(-1);
    List<Integer> rest = b.drain(capacity() + 1);
    assertThat(rest).hasSize(capacity());
    if (capacity() > 0) {
      assertThat(rest).endsWith(-2);
    }
  }

  @Test
  @DisplayName("AL-5 a waiting put arm is refused by cancel, and delivered after close")
  void putArmsAtTheEnd() throws Exception {
    Channel<Integer> cancelled = channel();
    Channel<Integer> closed = channel();
    fill(cancelled);
    fill(closed);
    Forked<String> refused = fork(() -> putOrClosed(cancelled));
    Forked<String> delivered = fork(() -> putOrClosed(closed));
    until("they wait", () -> cancelled.waitingPutters() + closed.waitingPutters() == 2);
    cancelled.cancel();
    closed.close();
    assertThat(refused.join()).isEqualTo("closed");
    assertThat(takeAll(Ends.same(closed))).hasSize(capacity() + 1).endsWith(-1);
    assertThat(delivered.join()).isEqualTo("put");
  }

  private static String putOrClosed(Channel<Integer> channel) throws InterruptedException {
    return Alts.<String>first().put(channel, -1, () -> "put").onClosed(() -> "closed").await();
  }

  @Test
  @DisplayName("AL-1 alts that wait for a take and give up race with puts: nothing is lost")
  void givenUpAgainstPuts() throws Exception {
    Channel<Integer> a = channel();
    Channel<Integer> b = channel();
    int values = 500;
    Forked<@Nullable Void> putter =
        fork(
            () -> {
              for (int i = 0; i < values; i++) {
                assertThat((i % 2 == 0 ? a : b).put(i)).isTrue();
              }
              return null;
            });
    List<Integer> taken = new ArrayList<>();
    while (taken.size() < values) {
      int value =
          Alts.<Integer>first()
              .take(a, v -> v)
              .take(b, v -> v)
              .timeout(Duration.ofNanos(taken.size() % 7 * 1_000L), () -> -1)
              .await();
      if (value >= 0) {
        taken.add(value);
      }
    }
    putter.join();
    assertThat(taken).doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("AL-5 an alts without arms, timeout or default is refused")
  void noArms() {
    assertThatThrownBy(() -> Alts.<String>first().await())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("for ever");
  }

  @Test
  @DisplayName("AL-4 a default is for when nothing is ready, and does not wait for a limit")
  void defaultIsTheLast() throws Exception {
    Channel<Integer> empty = channel();
    Channel<Integer> other = channel();
    Forked<Boolean> putter = fork(() -> other.put(1));
    until("a value is there", () -> other.waitingPutters() + other.buffered() == 1);
    assertThat(takenOr(empty, other)).isEqualTo("took 1");
    assertThat(putter.join()).isTrue();
    assertThat(fork(() -> takenOr(empty, other)).join()).isEqualTo("nothing");
    other.close();
    assertThat(takenOr(empty, other)).as("AL-5").isEqualTo("closed");
  }

  private static String takenOr(Channel<Integer> one, Channel<Integer> other)
      throws InterruptedException {
    return Alts.<String>first()
        .take(one, value -> "took " + value)
        .take(other, value -> "took " + value)
        .timeout(Duration.ofDays(1), () -> "late")
        .orElse(() -> "nothing")
        .onClosed(() -> "closed")
        .await();
  }

  @Test
  @DisplayName("AL-1 an alts whose limit is none takes what is there, and then is late")
  void noTime() throws Exception {
    Channel<Integer> channel = channel();
    for (Duration none : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
      Forked<Boolean> putter = fork(() -> channel.put(1));
      until("a value is there", () -> channel.waitingPutters() + channel.buffered() == 1);
      assertThat(takenWithin(none, channel)).isEqualTo("took 1");
      assertThat(putter.join()).isTrue();
      assertThat(takenWithin(none, channel)).isEqualTo("late");
    }
  }

  private static String takenWithin(Duration limit, Channel<Integer> channel)
      throws InterruptedException {
    return Alts.<String>first()
        .take(channel, value -> "took " + value)
        .timeout(limit, () -> "late")
        .await();
  }
}
