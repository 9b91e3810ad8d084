package dev.circulate;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.go;
import static dev.circulate.contract.Until.PATIENCE;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * GO-1: go blocks that wake one another all the time, on every carrier there is, do not keep from
 * running who is started, or woken, by a thread that is not virtual.
 */
class TurnsTest {
  private static final int PAIRS_FOR_A_CARRIER = 8;
  private static final int ROUNDS = 10_000;

  private final List<Channel<Integer>> channels = new ArrayList<>();
  private final LongAdder rounds = new LongAdder();

  private Channel<Integer> open(Supplier<Channel<Integer>> kind) {
    Channel<Integer> opened = kind.get();
    channels.add(opened);
    return opened;
  }

  private void keepCarriersBusy(Supplier<Channel<Integer>> kind) {
    for (int i = 0; i < PAIRS_FOR_A_CARRIER * Runtime.getRuntime().availableProcessors(); i++) {
      Channel<Integer> there = open(kind);
      Channel<Integer> back = open(kind);
      go(
          () -> {
            while (there.put(1) && back.take() != null) {
              rounds.increment();
            }
          });
      go(
          () -> {
            for (Integer value = there.take(); value != null; value = there.take()) {
              back.put(value);
            }
          });
    }
    until("they are at work", () -> rounds.sum() > ROUNDS);
  }

  @AfterEach
  void stop() {
    channels.forEach(Channel::cancel);
  }

  private static void assertOthersHaveTheirTurn() throws InterruptedException {
    Channel<String> mail = chan();
    Channel<String> reader = go(mail::take);
    assertThat(mail.offer("from outside", PATIENCE)).isTrue();
    assertThat(reader.poll(PATIENCE)).isEqualTo("from outside");

    Channel<Boolean> patient = go(() -> mail.poll(Duration.ofMillis(1)) == null);
    assertThat(patient.poll(PATIENCE)).as("its time is over").isTrue();
  }

  private static boolean taken(Channel<Integer> first, Channel<Integer> second)
      throws InterruptedException {
    return Alts.<Boolean>first()
        .take(first, _ -> true)
        .take(second, _ -> true)
        .onClosed(() -> false)
        .await();
  }

  @Test
  @DisplayName("GO-1 besides pairs that meet at rendezvous all have their turn")
  void rendezvous() throws InterruptedException {
    keepCarriersBusy(Csp::chan);
    assertOthersHaveTheirTurn();
  }

  @Test
  @DisplayName("GO-1 besides pairs that talk over buffers all have their turn")
  void buffers() throws InterruptedException {
    keepCarriersBusy(() -> chan(16));
    assertOthersHaveTheirTurn();
  }

  @Test
  @DisplayName("GO-1 besides blocks that choose among channels all have their turn")
  void alts() throws InterruptedException {
    Channel<Integer> first = open(Csp::chan);
    Channel<Integer> second = open(Csp::chan);
    for (Channel<Integer> channel : List.of(first, second)) {
      for (int i = 0; i < PAIRS_FOR_A_CARRIER; i++) {
        go(
            () -> {
              while (channel.put(1)) {
                rounds.increment();
              }
            });
        go(
            () -> {
              while (taken(first, second)) {
                rounds.increment();
              }
            });
      }
    }
    until("they are at work", () -> rounds.sum() > ROUNDS);
    assertOthersHaveTheirTurn();
  }
}
