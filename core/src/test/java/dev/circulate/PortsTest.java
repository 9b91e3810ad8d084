package dev.circulate;

import static dev.circulate.Csp.chan;
import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.contract.Forked;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a program that moves values itself can rely on. */
@Timeout(60)
class PortsTest {
  private final RuntimeException cause = new IllegalStateException("the well is dry");
  private final AtomicInteger told = new AtomicInteger();
  private final WritePort<Integer> own = new OwnPort<>(() -> true, false);

  @Test
  @DisplayName("a watch tells once of the end of a channel, however it ends, or has ended")
  void whenClosed() {
    List<Consumer<Channel<Integer>>> ways =
        List.of(
            Channel::close,
            channel -> channel.close(cause),
            Channel::cancel,
            channel -> channel.cancel(cause));
    for (Consumer<Channel<Integer>> way : ways) {
      told.set(0);
      Channel<Integer> channel = chan();
      Ports.whenClosed(channel, told::incrementAndGet);
      Ports.whenClosed(channel.writePort(), told::incrementAndGet);
      assertThat(told).hasValue(0);
      way.accept(channel);
      channel.cancel();
      assertThat(told).hasValue(2);
      Ports.whenClosed(channel, told::incrementAndGet);
      assertThat(told).as("one that is late").hasValue(3);
    }
  }

  @Test
  @DisplayName("a watch that has ended tells nothing")
  void endedWatch() {
    Channel<Integer> channel = chan();
    try (Ports.Watch _ = Ports.whenClosed(channel, told::incrementAndGet)) {
      assertThat(told).hasValue(0);
    }
    channel.close();
    assertThat(told).hasValue(0);
  }

  @Test
  @DisplayName("CH-15 a task that throws at a close harms neither who closes nor other tasks")
  void throwingTask() {
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    UncaughtHandler before = Csp.setUncaughtHandler((_, failure) -> failures.add(failure));
    try {
      Channel<Integer> channel = chan();
      Ports.whenClosed(
          channel,
          () -> {
            throw cause;
          });
      Ports.whenClosed(channel, told::incrementAndGet);
      channel.close();
      assertThat(told).hasValue(1);
      assertThat(failures).containsExactly(cause);
    } finally {
      Csp.setUncaughtHandler(before);
    }
  }

  @Test
  @DisplayName("a thread that waits elsewhere can be interrupted by a close")
  void interrupting() throws Exception {
    Channel<Integer> idle = chan();
    Channel<Integer> watched = chan();
    Forked<@Nullable Integer> waiting =
        fork(
            () -> {
              try (Ports.Watch _ = Ports.whenClosed(watched, Thread.currentThread()::interrupt)) {
                return idle.take();
              }
            });
    until("it waits", () -> idle.waitingTakers() == 1);
    watched.cancel();
    waiting.joinFailure(InterruptedException.class);
    assertThat(idle.waitingTakers()).isZero();
  }

  @Test
  @DisplayName("CH-8 a putting face tells the cause that its channel was closed with")
  void closeCause() {
    Channel<Integer> channel = chan();
    WritePort<Integer> face = channel.writePort();
    assertThat(Ports.closeCause(face)).isNull();
    channel.cancel(cause);
    assertThat(Ports.closeCause(face)).isSameAs(cause);
    assertThat(Ports.closeCause(own)).isNull();
  }

  @Test
  @DisplayName("CH-4 CH-13 values that are given back are the next, or undelivered where none is")
  void giveBack() throws Exception {
    List<Integer> undelivered = new ArrayList<>();
    Channel<Integer> channel =
        Channel.<Integer>builder().buffer(Csp.fixed(3)).onUndelivered(undelivered::add).open();
    for (int i = 1; i <= 3; i++) {
      assertThat(channel.put(i)).isTrue();
    }
    ReadPort<Integer> face = channel.readPort();
    assertThat(channel.drain(2)).containsExactly(1, 2);
    assertThat(Ports.giveBack(face, 2)).isTrue();
    assertThat(Ports.giveBack(channel, 1)).isTrue();
    assertThat(channel.drain(9)).containsExactly(1, 2, 3);
    channel.close();
    assertThat(Ports.giveBack(face, 3)).isTrue();
    assertThat(undelivered).containsExactly(3);
  }

  @Test
  @DisplayName("CH-13 a value that a port has refused is handed to the hook of its channel")
  void undelivered() {
    List<Integer> undelivered = new ArrayList<>();
    Channel<Integer> channel = Channel.<Integer>builder().onUndelivered(undelivered::add).open();
    Ports.undelivered(channel.writePort(), 1);
    Ports.undelivered(channel, 2);
    Ports.undelivered(chan(), 3);
    Ports.undelivered(own, 4);
    assertThat(undelivered).containsExactly(1, 2);
  }

  @Test
  @DisplayName("a port of a user's own is not selectable, and tells nothing")
  void ownPort() {
    assertThat(Ports.isSelectable(own)).isFalse();
    Channel<Integer> channel = chan();
    assertThat(Ports.isSelectable(channel)).isTrue();
    assertThat(Ports.isSelectable(channel.readPort())).isTrue();
    assertThat(Ports.isSelectable(channel.writePort())).isTrue();
    Ports.whenClosed(new OwnPort<Integer>(() -> false, true), told::incrementAndGet).close();
    assertThat(told).hasValue(0);
  }

  @Test
  @DisplayName("GO-2 what a program reports is told to the handler in force, at once")
  void reports() {
    List<String> heard = new ArrayList<>();
    UncaughtHandler before =
        Csp.setUncaughtHandler((where, failure) -> heard.add(where + ": " + failure.getMessage()));
    try {
      UncaughtHandler.report("the mixer", cause);
      assertThat(heard).containsExactly("the mixer: the well is dry");
    } finally {
      Csp.setUncaughtHandler(before);
    }
  }

  @Test
  @DisplayName("a gatherer runs by hand: it emits as it is given, wants no more, and ends")
  void transformation() {
    List<Object> emitted = new ArrayList<>();
    Transformation<Integer, List<Integer>> runs =
        Transformation.begin(Gathering.partitionBy((Integer n) -> n % 2), emitted::add);
    for (int n : new int[] {1, 3, 2}) {
      assertThat(runs.accept(n)).isTrue();
    }
    assertThat(emitted).containsExactly(List.of(1, 3));
    runs.finish();
    assertThat(emitted).containsExactly(List.of(1, 3), List.of(2));
    Transformation<Integer, Integer> first =
        Transformation.begin(Gathering.<Integer>take(1), emitted::add);
    assertThat(first.accept(7)).isFalse();
  }
}
