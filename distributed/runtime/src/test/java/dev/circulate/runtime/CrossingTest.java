package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.contract.Forked.fork;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.contract.Ends;
import dev.circulate.contract.Forked;
import dev.circulate.runtime.RemoteWiring.Far;
import dev.circulate.service.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What the two sides say at the same moment crosses on the way: nobody is accused of it, nothing is
 * lost by it, and both sides forget what has ended. {@code -Dcirculate.rounds=2000} tries it as
 * often.
 */
class CrossingTest {
  private static final int ROUNDS = Integer.getInteger("circulate.rounds", 500);

  private final TwoSpaces spaces = new TwoSpaces();

  @AfterEach
  void close() {
    spaces.close();
  }

  /** A channel of a's of which b has the end that is far. */
  private <T> Ends<T> connect(Far far, Channel<T> channel) {
    return new RemoteWiring(far, spaces.bRoot, spaces.bRootProxy()).connect(channel);
  }

  private void assertPeace() {
    assertThat(spaces.a.lost()).isNull();
    assertThat(spaces.b.lost()).isNull();
    spaces.awaitEmptyTables();
  }

  @Test
  @DisplayName(
      "DI-5 the owner closes while the holder puts: what was accepted is there, or told of")
  void ownerCloses() throws InterruptedException {
    for (int round = 0; round < ROUNDS; round++) {
      Queue<List<Integer>> undelivered = new ConcurrentLinkedQueue<>();
      Channel<List<Integer>> channel = withHook(undelivered);
      Ends<List<Integer>> ends = connect(Far.PUTTING, channel);
      Forked<List<List<Integer>>> putting =
          fork(
              () -> {
                List<List<Integer>> accepted = new ArrayList<>();
                for (int i = 0; i < 4 && ends.putting().put(heavy(i)); i++) {
                  accepted.add(heavy(i));
                }
                return accepted;
              });
      List<List<Integer>> got = new ArrayList<>();
      got.add(Objects.requireNonNull(channel.take()));
      channel.close();
      List<List<Integer>> accepted = putting.join();
      Await.until(
          "end of every value",
          () -> {
            got.addAll(channel.drain(4));
            return got.size() + undelivered.size() == accepted.size();
          },
          () -> told(accepted.size(), got.size(), undelivered.size()));
      got.addAll(undelivered);
      assertThat(got).containsExactlyElementsOf(accepted);
    }
    assertPeace();
  }

  @Test
  @DisplayName("DI-5 both sides close and cancel at the same moment")
  void bothClose() throws InterruptedException {
    for (int round = 0; round < ROUNDS; round++) {
      Channel<Integer> channel = chan(1);
      Ends<Integer> ends = connect(round % 2 == 0 ? Far.PUTTING : Far.TAKING, channel);
      channel.offer(1);
      Forked<@Nullable Void> closing =
          fork(
              () -> {
                ends.putting().close();
                return null;
              });
      ends.taking().cancel();
      closing.join();
    }
    assertPeace();
  }

  @Test
  @DisplayName("DI-5 a channel that is closed when it is sent arrives closed")
  void closedBefore() throws InterruptedException {
    for (int round = 0; round < ROUNDS; round++) {
      Channel<Integer> channel = chan(1);
      Forked<@Nullable Void> closing =
          fork(
              () -> {
                channel.close();
                return null;
              });
      Ends<Integer> ends = connect(Far.TAKING, channel);
      assertThat(ends.taking().take()).isNull();
      closing.join();
    }
    assertPeace();
  }

  @Test
  @DisplayName("DI-3 a taker gives up when a value comes: it is taken by the next, or stays there")
  void giveUps() throws InterruptedException {
    for (int round = 0; round < ROUNDS; round++) {
      Queue<Integer> undelivered = new ConcurrentLinkedQueue<>();
      Channel<Integer> channel = withHook(undelivered);
      Ends<Integer> ends = connect(Far.TAKING, channel);
      Forked<List<Integer>> taking =
          fork(
              () -> {
                List<Integer> taken = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                  Integer value = ends.taking().poll(Duration.ofNanos(20_000));
                  if (value != null) {
                    taken.add(value);
                  }
                }
                ends.taking().cancel();
                return taken;
              });
      List<Integer> put = new ArrayList<>();
      for (int i = 0; i < 4 && channel.put(i); i++) {
        put.add(i);
      }
      channel.close();
      List<Integer> got = taking.join();
      Await.until(
          "end of every value",
          () -> got.size() + undelivered.size() == put.size(),
          () -> told(put.size(), got.size(), undelivered.size()));
      got.addAll(undelivered);
      assertThat(got).containsExactlyInAnyOrderElementsOf(put);
    }
    assertPeace();
  }

  private static String told(int put, int taken, int undelivered) {
    return put + " were put, " + taken + " taken and " + undelivered + " undelivered";
  }

  /** A value that is encoded for so long that much can happen meanwhile. */
  private static List<Integer> heavy(int first) {
    return IntStream.range(first, first + 500).boxed().toList();
  }

  private static <T> Channel<T> withHook(Queue<T> undelivered) {
    return Channel.<T>builder().buffer(Csp.fixed(2)).onUndelivered(undelivered::add).open();
  }

  @Test
  @DisplayName("DI-2 a proxy is sent home while its owner closes: what arrives is the original")
  @SuppressWarnings("unchecked")
  void homecoming() throws InterruptedException {
    Channel<Object> toA = chan(ROUNDS);
    Ends<Object> inbox = connect(Far.PUTTING, toA);
    for (int round = 0; round < ROUNDS; round++) {
      Channel<Integer> channel = chan(1);
      Ends<Integer> ends = connect(Far.PUTTING, channel);
      Forked<Boolean> home = fork(() -> inbox.putting().put(List.of(ends.putting(), heavy(0))));
      channel.close();
      assertThat(home.join()).isTrue();
      List<Object> arrived = (List<Object>) Objects.requireNonNull(toA.take());
      Channel<Integer> back = (Channel<Integer>) arrived.getFirst();
      assertThat(back.take()).isNull();
    }
    toA.close();
    assertThat(spaces.a.lost()).isNull();
    assertThat(spaces.b.lost()).isNull();
  }

  @Test
  @DisplayName("DI-6 an answer that cannot be sent leaves none of its channels behind")
  void failedEncoding() {
    spaces.bRoot.handler("odd", _ -> List.of(chan(), chan(), new Object()));
    for (int round = 0; round < 100; round++) {
      assertThatThrownBy(() -> Request.to(spaces.bRootProxy(), "odd").done())
          .hasMessageContaining("java.lang.Object");
    }
    assertPeace();
  }
}
