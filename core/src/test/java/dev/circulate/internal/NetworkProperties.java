package dev.circulate.internal;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Alts;
import dev.circulate.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** Whatever goes on in a network of channels, nothing in it is lost, doubled or reordered. */
class NetworkProperties {
  private static final int CHANNELS = 4;

  /**
   * What a worker does next; the numbers of channels and workers are taken modulo what there is.
   */
  sealed interface Step {
    record Put(int channel) implements Step {}

    record Offer(int channel, int micros) implements Step {}

    record Take(int channel) implements Step {}

    record Poll(int channel, int micros) implements Step {}

    record Choose(int takeOne, int takeTwo, int putOne, int putTwo) implements Step {}

    record Close(int channel) implements Step {}

    record Interrupt(int worker) implements Step {}
  }

  /** A value, and where it was put by whom. */
  private record Item(int worker, int channel, int number) {}

  @Property(tries = 150)
  @Label("CH-4 CH-5 CH-6 CH-7 AL-1 AL-2 any program on any network")
  void nothingIsLostDoubledOrReordered(
      @ForAll("capacities") List<Integer> capacities,
      @ForAll("programs") List<List<Step>> programs) {
    new Network(capacities, programs).run();
  }

  @Provide
  Arbitrary<List<Integer>> capacities() {
    return Arbitraries.of(0, 0, 1, 2, 3, 16).list().ofMinSize(1).ofMaxSize(CHANNELS);
  }

  @Provide
  Arbitrary<List<List<Step>>> programs() {
    Arbitrary<Integer> channel = Arbitraries.integers().between(0, CHANNELS - 1);
    Arbitrary<Integer> micros = Arbitraries.integers().between(0, 50);
    Arbitrary<Step> step =
        Arbitraries.frequencyOf(
            Tuple.of(8, channel.map(Step.Put::new)),
            Tuple.of(8, channel.map(Step.Take::new)),
            Tuple.of(4, Combinators.combine(channel, micros).as(Step.Offer::new)),
            Tuple.of(4, Combinators.combine(channel, micros).as(Step.Poll::new)),
            Tuple.of(
                12, Combinators.combine(channel, channel, channel, channel).as(Step.Choose::new)),
            Tuple.of(2, Arbitraries.integers().between(0, 7).map(Step.Interrupt::new)),
            Tuple.of(1, channel.map(Step.Close::new)));
    return step.list().ofMinSize(1).ofMaxSize(60).list().ofMinSize(2).ofMaxSize(6);
  }

  /** One run of the programs, each in a virtual thread of its own. */
  private static final class Network {
    private final List<LocalChannel<Item>> channels = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>();

    Network(List<Integer> capacities, List<List<Step>> programs) {
      for (int capacity : capacities) {
        channels.add(
            LocalChannel.open(
                capacity == 0 ? new Buffer.Rendezvous() : new Buffer.Fixed(capacity), null, null));
      }
      for (List<Step> program : programs) {
        workers.add(new Worker(this, workers.size(), program));
      }
    }

    LocalChannel<Item> channel(int number) {
      return channels.get(number % channels.size());
    }

    void interrupt(int worker) {
      workers.get(worker % workers.size()).thread.interrupt();
    }

    void run() {
      workers.forEach(worker -> worker.thread.start());
      until(() -> "these end: " + workers, this::hasEnded);
      List<Item> accepted = new ArrayList<>();
      List<Item> taken = new ArrayList<>();
      for (Worker worker : workers) {
        assertThat(worker.failure).isNull();
        accepted.addAll(worker.accepted);
        taken.addAll(worker.taken);
        assertInOrder(worker.taken);
      }
      for (LocalChannel<Item> channel : channels) {
        assertThat(channel.waitingTakers()).isZero();
        assertThat(channel.waitingPutters()).isZero();
        List<Item> left = channel.drain(Integer.MAX_VALUE);
        assertInOrder(left);
        taken.addAll(left);
      }
      Set<Item> all = new HashSet<>(taken);
      assertThat(all).as("no value is taken twice").hasSize(taken.size());
      assertThat(all).as("what was taken and what was accepted").isEqualTo(new HashSet<>(accepted));
    }

    /** Whether all programs have ended; when those that have not all wait, one is interrupted. */
    private boolean hasEnded() {
      List<Worker> left =
          workers.stream().filter(each -> !each.is(Thread.State.TERMINATED)).toList();
      if (!left.isEmpty() && left.stream().allMatch(each -> each.is(Thread.State.WAITING))) {
        left.getFirst().thread.interrupt();
      }
      return left.isEmpty();
    }

    private static void assertInOrder(List<Item> seen) {
      Map<List<Integer>, Integer> last = new HashMap<>();
      for (Item item : seen) {
        Integer before = last.put(List.of(item.worker(), item.channel()), item.number());
        assertThat(before == null || before < item.number())
            .as("%s comes after number %s", item, before)
            .isTrue();
      }
    }
  }

  private static final class Worker implements Runnable {
    final Thread thread = Thread.ofVirtual().unstarted(this);
    final List<Item> accepted = new ArrayList<>();
    final List<Item> taken = new ArrayList<>();
    volatile @Nullable Throwable failure;

    private final Network network;
    private final int number;
    private final List<Step> program;
    private int numbered;

    Worker(Network network, int number, List<Step> program) {
      this.network = network;
      this.number = number;
      this.program = program;
    }

    boolean is(Thread.State state) {
      return thread.getState() == state;
    }

    @Override
    public void run() {
      try {
        for (Step step : program) {
          try {
            perform(step);
          } catch (InterruptedException e) {
            // then the step had no effect
          }
        }
      } catch (Throwable e) {
        failure = e;
      }
    }

    private void perform(Step step) throws InterruptedException {
      switch (step) {
        case Step.Put(int channel) -> {
          Item item = next(channel);
          accepted(item, network.channel(channel).put(item));
        }
        case Step.Offer(int channel, int micros) -> {
          Item item = next(channel);
          accepted(item, network.channel(channel).offer(item, Duration.ofNanos(micros * 1_000L)));
        }
        case Step.Take(int channel) -> took(network.channel(channel).take());
        case Step.Poll(int channel, int micros) ->
            took(network.channel(channel).poll(Duration.ofNanos(micros * 1_000L)));
        case Step.Choose choose -> choose(choose);
        case Step.Close(int channel) -> network.channel(channel).close();
        case Step.Interrupt(int worker) -> network.interrupt(worker);
      }
    }

    private void choose(Step.Choose step) throws InterruptedException {
      Item one = next(step.putOne);
      Item two = next(step.putTwo);
      Alts.<Boolean>first()
          .take(network.channel(step.takeOne), this::took)
          .take(network.channel(step.takeTwo), this::took)
          .put(network.channel(step.putOne), one, () -> accepted(one, true))
          .put(network.channel(step.putTwo), two, () -> accepted(two, true))
          .onClosed(() -> false)
          .await();
    }

    private Item next(int channel) {
      return new Item(number, channel % network.channels.size(), numbered++);
    }

    private boolean accepted(Item item, boolean was) {
      return was && accepted.add(item);
    }

    private boolean took(@Nullable Item item) {
      return item != null && taken.add(item);
    }

    @Override
    public String toString() {
      return "worker " + number + " " + thread.getState() + " of " + program;
    }
  }
}
