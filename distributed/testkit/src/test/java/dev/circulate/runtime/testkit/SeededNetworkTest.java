package dev.circulate.runtime.testkit;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Csp;
import dev.circulate.ReadPort;
import dev.circulate.runtime.Frame;
import dev.circulate.runtime.Link;
import dev.circulate.runtime.MemoryTransport;
import dev.circulate.runtime.Transport;
import dev.circulate.testkit.TestTime;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** GO-5: the network that is bad by a seed. */
class SeededNetworkTest {
  private static final URI THERE = URI.create("memory://seeded-network-test");

  private final MemoryTransport memory = new MemoryTransport();
  private final Channel<Link> accepted = Csp.chan(Csp.unbounded());
  private Transport.Listener listener;

  @BeforeEach
  void listen() throws IOException {
    listener = memory.listen(THERE, accepted::offer);
  }

  @AfterEach
  void close() {
    listener.close();
  }

  private SeededNetwork network(Faults faults) {
    return SeededNetwork.over(memory, faults, new Seed(7));
  }

  /** Which way the frames go; the link is made by the near side. */
  enum Direction {
    THERE,
    BACK
  }

  /** Sends so many numbered frames, and closes; answers where they arrive. */
  private ReadPort<Frame> sent(SeededNetwork network, Direction direction, int frames)
      throws IOException, InterruptedException {
    Link near = network.connect(THERE);
    Link far = Objects.requireNonNull(accepted.take());
    Link sender = direction == Direction.THERE ? near : far;
    Csp.go(
        () -> {
          for (int i = 0; i < frames; i++) {
            sender.outgoing().put(new Frame.Text(String.valueOf(i)));
          }
          sender.close();
        });
    return (direction == Direction.THERE ? far : near).incoming();
  }

  /** What arrives of so many numbered frames. */
  private List<Integer> arrived(SeededNetwork network, Direction direction, int frames)
      throws IOException, InterruptedException {
    List<Integer> arrived = new ArrayList<>();
    for (Frame frame : sent(network, direction, frames)) {
      arrived.add(number(frame));
    }
    return arrived;
  }

  private static int number(Frame frame) {
    return Integer.parseInt(((Frame.Text) frame).text());
  }

  private static Stream<Course.Fate> fates(Faults faults, Seed seed, long link, boolean outgoing) {
    Course course = new Course(faults, seed, link, outgoing);
    return Stream.generate(course::next);
  }

  @Test
  @DisplayName("GO-5 the same seed gives the same decisions, for each link and direction others")
  void sameSeed() {
    Faults faults = new Faults(0.2, 0.2, 0.2, 0.2, 0.1, Duration.ofMillis(3));
    List<Course.Fate> once = fates(faults, new Seed(1), 0, true).limit(200).toList();
    assertThat(fates(faults, new Seed(1), 0, true).limit(200)).isEqualTo(once);
    assertThat(fates(faults, new Seed(2), 0, true).limit(200)).isNotEqualTo(once);
    assertThat(fates(faults, new Seed(1), 1, true).limit(200)).isNotEqualTo(once);
    assertThat(fates(faults, new Seed(1), 0, false).limit(200)).isNotEqualTo(once);
  }

  @Test
  @DisplayName("GO-5 each fault comes as often as was asked for")
  void rates() {
    Faults faults = new Faults(0.05, 0.10, 0.15, 0.20, 0.01, Duration.ZERO);
    List<Course.Fate> fates = fates(faults, new Seed(3), 0, true).limit(100_000).toList();
    Map<Course.Fate, Double> expected =
        Map.of(
            Course.Fate.LOST, 0.05,
            Course.Fate.DOUBLED, 0.10,
            Course.Fate.HELD_BACK, 0.15,
            Course.Fate.DELAYED, 0.20,
            Course.Fate.CUT, 0.01,
            Course.Fate.DELIVERED, 0.49);
    expected.forEach(
        (fate, share) ->
            assertThat(fates.stream().filter(fate::equals).count() / 100_000.0)
                .as("%s", fate)
                .isBetween(share - 0.005, share + 0.005));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("GO-5 without faults all frames arrive in order")
  void noFault(Direction direction) throws IOException, InterruptedException {
    assertThat(arrived(network(Faults.NONE), direction, 100))
        .isEqualTo(IntStream.range(0, 100).boxed().toList());
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("GO-5 frames are lost, but for the first two")
  void loss(Direction direction) throws IOException, InterruptedException {
    assertThat(arrived(network(Faults.NONE.withLoss(1)), direction, 100)).containsExactly(0, 1);
    assertThat(arrived(network(Faults.NONE.withLoss(0.5)), direction, 100))
        .isSorted()
        .doesNotHaveDuplicates()
        .hasSizeBetween(20, 80);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("GO-5 frames arrive twice")
  void duplicates(Direction direction) throws IOException, InterruptedException {
    assertThat(arrived(network(Faults.NONE.withDuplicates(1)), direction, 4))
        .containsExactly(0, 1, 2, 2, 3, 3);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("GO-5 frames arrive after the next, and all of them arrive")
  void reordering(Direction direction) throws IOException, InterruptedException {
    List<Integer> arrived = arrived(network(Faults.NONE.withReordering(0.5)), direction, 200);
    assertThat(arrived).doesNotHaveDuplicates().hasSize(200);
    assertThat(arrived).isNotEqualTo(IntStream.range(0, 200).boxed().toList());
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("GO-5 frames are late, by no more than was asked for, in order")
  void delay(Direction direction) throws IOException, InterruptedException {
    Duration longest = Duration.ofHours(1);
    try (TestTime time = TestTime.install()) {
      ReadPort<Frame> incoming = sent(network(Faults.NONE.withDelay(1, longest)), direction, 20);
      List<Integer> arrived = new CopyOnWriteArrayList<>();
      Csp.go(
          () -> {
            for (Frame frame : incoming) {
              arrived.add(number(frame));
            }
          });
      time.runUntilEveryBlockWaits();
      assertThat(arrived).containsExactly(0, 1);
      time.advance(longest);
      assertThat(arrived).as("those that are late by an hour at most").contains(2);
      time.advance(longest.multipliedBy(17));
      assertThat(arrived).isEqualTo(IntStream.range(0, 20).boxed().toList());
    }
  }

  @Test
  @DisplayName("GO-5 a cut breaks the link for both sides, and loses what is on the way")
  void cuts() throws IOException, InterruptedException {
    Faults cuts = Faults.NONE.withCuts(1);
    assertThat(arrived(network(cuts), Direction.THERE, 100)).containsExactly(0, 1);
    ReadPort<Frame> back = sent(network(cuts), Direction.BACK, 100);
    assertThat(back.take()).isEqualTo(new Frame.Text("0"));
    assertThat(back.take()).isEqualTo(new Frame.Text("1"));
    assertThatThrownBy(back::take).hasMessageContaining("the test cut link 0");
    SeededNetwork network = network(Faults.NONE);
    Link near = network.connect(THERE);
    Link far = Objects.requireNonNull(accepted.take());
    network.cut();
    assertThat(far.incoming().take()).isNull();
    assertThatThrownBy(() -> near.incoming().take())
        .isInstanceOf(ChannelFailedException.class)
        .hasMessageContaining("the test cut link 0");
    assertThat(near.outgoing().put(new Frame.Text("late"))).isFalse();
  }

  @Test
  @DisplayName(
      "DI-7 what had arrived when the other side closed can be taken, whatever is sent then")
  void arrivedBeforeClose() throws IOException, InterruptedException {
    Link near = network(Faults.NONE).connect(THERE);
    Link far = Objects.requireNonNull(accepted.take());
    for (int i = 0; i < 3; i++) {
      far.outgoing().put(new Frame.Text(String.valueOf(i)));
    }
    far.close();
    near.outgoing().put(new Frame.Text("in vain"));
    until("nothing can be sent any more", near.outgoing()::isClosed);
    assertThat(near.incoming().stream())
        .containsExactly(new Frame.Text("0"), new Frame.Text("1"), new Frame.Text("2"));
  }

  @Test
  @DisplayName("who closes a link wants nothing more of it: the other side does not wait to send")
  void unwanted() throws IOException, InterruptedException {
    Link near = network(Faults.NONE).connect(THERE);
    Link far = Objects.requireNonNull(accepted.take());
    near.close();
    while (far.outgoing().put(new Frame.Text("unwanted"))) {} // ends when the link is down
    assertThat(far.incoming().take()).isNull();
    assertThat(near.incoming().take()).isNull();
  }

  @Test
  @DisplayName("GO-5 a network that was taken down refuses links until it is up again")
  void down() throws IOException, InterruptedException {
    SeededNetwork network = network(Faults.NONE);
    network.down();
    assertThatThrownBy(() -> network.connect(THERE)).hasMessageContaining("took the network down");
    network.up();
    assertThat(arrived(network, Direction.THERE, 3)).containsExactly(0, 1, 2);
  }

  @Test
  @DisplayName("GO-5 a test that fails says its seed")
  void saidSeed() {
    Seed seed = new Seed(42);
    assertThatThrownBy(
            () ->
                seed.run(
                    _ -> {
                      throw new IOException("the test's own failure");
                    }))
        .isInstanceOf(IOException.class)
        .satisfies(
            e ->
                assertThat(e.getSuppressed()[0])
                    .hasMessageContaining("-Dcirculate.network.seed=42"));
  }

  @Test
  @DisplayName("GO-5 a seed that is misspelt is refused, not another one drawn")
  void misspeltSeed() {
    String former = System.setProperty(Seed.PROPERTY, "42L");
    try {
      assertThatThrownBy(Seed::drawn)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("-Dcirculate.network.seed=42L: a seed is a whole number");
    } finally {
      if (former == null) {
        System.clearProperty(Seed.PROPERTY);
      } else {
        System.setProperty(Seed.PROPERTY, former);
      }
    }
  }
}
