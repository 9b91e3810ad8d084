package dev.circulate.runtime;

import static dev.circulate.contract.Until.PATIENCE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Checked;
import dev.circulate.Csp;
import dev.circulate.ReadPort;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** DI-10: how frames come from a link's outgoing channel to a network that has nobody wait. */
class FrameSenderTest {
  private static final int CAPACITY = 2;

  /** Accepts at once, or when it is told to. */
  private static final class Recorded implements FrameSender.Network {
    final Queue<String> events = new ConcurrentLinkedQueue<>();
    final List<Thread> threads = new ArrayList<>();
    private final boolean atOnce;
    private volatile @Nullable CompletableFuture<Void> underWay;

    Recorded(boolean atOnce) {
      this.atOnce = atOnce;
    }

    @Override
    public CompletionStage<?> send(Frame frame) {
      events.add(text(frame));
      threads.add(Thread.currentThread());
      if (atOnce) {
        return CompletableFuture.completedFuture(null);
      }
      underWay = new CompletableFuture<>();
      return requireNonNull(underWay);
    }

    void accept() {
      requireNonNull(underWay).complete(null);
    }

    void fail(Throwable why) {
      requireNonNull(underWay).completeExceptionally(why);
    }

    @Override
    public void ended() {
      events.add("ended");
    }

    @Override
    public void failed(Throwable why) {
      events.add("failed: " + why.getMessage());
    }
  }

  private static String text(Frame frame) {
    return ((Frame.Text) frame).text();
  }

  private static Frame frame(Object text) {
    return new Frame.Text(String.valueOf(text));
  }

  private static FrameSender sender(FrameSender.Network network) {
    return new FrameSender(CAPACITY, "frames", network);
  }

  @Test
  @DisplayName("DI-10 a frame is sent by whoever puts it, and nobody waits for it")
  void byThePutter() throws InterruptedException {
    Recorded network = new Recorded(true);
    FrameSender sender = sender(network);
    sender.start();
    sender.outgoing().put(frame("a"));
    sender.outgoing().put(frame("b"));
    assertThat(network.events).containsExactly("a", "b");
    assertThat(network.threads).containsOnly(Thread.currentThread());
  }

  @Test
  @DisplayName(
      "DI-10 while the network has not accepted a frame others wait, and then their putters")
  void backpressure() throws InterruptedException {
    Recorded network = new Recorded(false);
    FrameSender sender = sender(network);
    sender.start();
    for (String text : List.of("a", "b", "c")) {
      assertThat(sender.outgoing().offer(frame(text))).isTrue();
    }
    assertThat(sender.outgoing().offer(frame("d"))).isFalse();
    ReadPort<Boolean> put = Csp.go(() -> sender.outgoing().put(frame("d")));
    assertThat(network.events).containsExactly("a");
    network.accept();
    assertThat(put.poll(PATIENCE)).isTrue();
    network.accept();
    network.accept();
    assertThat(network.events).containsExactly("a", "b", "c", "d");
  }

  @Test
  @DisplayName("DI-10 what was put before the start, and before a close, is sent, and then it ends")
  void closed() throws InterruptedException {
    Recorded network = new Recorded(false);
    FrameSender sender = sender(network);
    sender.outgoing().put(frame("a"));
    sender.outgoing().put(frame("b"));
    sender.start();
    sender.close();
    network.accept();
    assertThat(network.events).containsExactly("a", "b");
    network.accept();
    assertThat(network.events).containsExactly("a", "b", "ended");
    assertThat(sender.outgoing().put(frame("c"))).isFalse();
  }

  @Test
  @DisplayName("DI-10 a cancel sends nothing of what waits")
  void cancelled() throws InterruptedException {
    Recorded network = new Recorded(false);
    FrameSender sender = sender(network);
    sender.start();
    sender.outgoing().put(frame("a"));
    sender.outgoing().put(frame("b"));
    sender.cancel();
    network.accept();
    assertThat(network.events).containsExactly("a", "ended");
  }

  @Test
  @DisplayName("DI-10 after a failure that is told nothing is sent")
  void failed() throws InterruptedException {
    Recorded network = new Recorded(false);
    FrameSender sender = sender(network);
    sender.start();
    sender.outgoing().put(frame("a"));
    sender.outgoing().put(frame("b"));
    network.fail(new IOException("no route"));
    assertThat(network.events).containsExactly("a", "failed: no route");
  }

  static List<Throwable> failures() {
    return List.of(
        new IllegalStateException("not connected"),
        new IOException("not connected"),
        new AssertionError("not connected"));
  }

  @ParameterizedTest(name = "{displayName}: {0}")
  @MethodSource("failures")
  @DisplayName(
      "DI-10 after whatever the network throws nothing is sent, and it is not the putter's")
  void thrown(Throwable failure) throws InterruptedException {
    List<Object> told = new ArrayList<>();
    FrameSender throwing =
        sender(
            new FrameSender.Network() {
              @Override
              public CompletionStage<?> send(Frame frame) {
                return Checked.thrown(failure);
              }

              @Override
              public void ended() {
                told.add("ended");
              }

              @Override
              public void failed(Throwable why) {
                told.add(why);
              }
            });
    throwing.start();
    throwing.outgoing().put(frame("a"));
    throwing.outgoing().put(frame("b"));
    assertThat(told).containsExactly(failure);
  }

  @Test
  @DisplayName("DI-10 many frames that wait are sent without a deep stack")
  void deep() throws InterruptedException {
    int frames = 100_000;
    Recorded network = new Recorded(true);
    FrameSender sender = new FrameSender(frames, "many frames", network);
    for (int i = 0; i < frames; i++) {
      sender.outgoing().put(frame(i));
    }
    sender.start();
    assertThat(network.events).hasSize(frames);
  }

  /** Accepts now at once, now in another thread, and sees whether it is called by two at a time. */
  private static final class Overlapping implements FrameSender.Network {
    final AtomicInteger sending = new AtomicInteger();
    final AtomicInteger overlaps = new AtomicInteger();
    final Queue<String> sent = new ConcurrentLinkedQueue<>();
    final CompletableFuture<Void> ended = new CompletableFuture<>();

    @Override
    public CompletionStage<?> send(Frame frame) {
      if (sending.getAndIncrement() != 0) {
        overlaps.incrementAndGet();
      }
      sent.add(text(frame));
      if (ThreadLocalRandom.current().nextBoolean()) {
        sending.decrementAndGet();
        return CompletableFuture.completedFuture(null);
      }
      CompletableFuture<Void> accepted = new CompletableFuture<>();
      Thread.startVirtualThread(
          () -> {
            sending.decrementAndGet();
            accepted.complete(null);
          });
      return accepted;
    }

    @Override
    public void ended() {
      ended.complete(null);
    }

    @Override
    public void failed(Throwable why) {
      ended.completeExceptionally(why);
    }
  }

  @Test
  @DisplayName(
      "DI-10 putters at the same time lose, double and reorder nothing, one send at a time")
  void concurrent() throws Exception {
    int putters = 8;
    int each = 5_000;
    Overlapping network = new Overlapping();
    FrameSender sender = sender(network);
    sender.start();
    List<ReadPort<Integer>> done = new ArrayList<>();
    for (int putter = 0; putter < putters; putter++) {
      String name = putter + ":";
      done.add(
          Csp.go(
              () -> {
                for (int i = 0; i < each; i++) {
                  sender.outgoing().put(frame(name + i));
                }
                return each;
              }));
    }
    for (ReadPort<Integer> one : done) {
      assertThat(one.poll(Duration.ofMinutes(1))).isEqualTo(each);
    }
    sender.close();
    network.ended.get();
    assertThat(network.overlaps).hasValue(0);
    for (int putter = 0; putter < putters; putter++) {
      String name = putter + ":";
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < each; i++) {
        expected.add(name + i);
      }
      assertThat(network.sent.stream().filter(text -> text.startsWith(name))).isEqualTo(expected);
    }
  }
}
