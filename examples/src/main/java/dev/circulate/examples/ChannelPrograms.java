package dev.circulate.examples;

import static dev.circulate.Csp.alts;
import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.go;
import static dev.circulate.Csp.put;
import static dev.circulate.Csp.sliding;
import static dev.circulate.Csp.take;
import static dev.circulate.Csp.timeout;

import dev.circulate.Alts;
import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Choice.Closed;
import dev.circulate.Choice.First;
import dev.circulate.Choice.Second;
import dev.circulate.Mult;
import dev.circulate.Pipeline;
import dev.circulate.Pipes;
import dev.circulate.Ports;
import dev.circulate.Pub;
import dev.circulate.ReadPort;
import dev.circulate.Scope;
import dev.circulate.SlowTap;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What docs/channels.md shows: several channels at once, scopes, pipelines, one to many, and what a
 * program connects itself.
 */
public final class ChannelPrograms {
  private ChannelPrograms() {}

  public static void main(String[] args) throws InterruptedException {
    Channel<Integer> orders = chan(1);
    IO.println(next(orders, chan()));
    orders.put(7);
    IO.println(next(orders, chan()));
    IO.println(either(orders, chan(1)));
    IO.println(inParallel(List.of("tea", "milk")));
    IO.println(squares(10));
    IO.println(toAll(List.of("tick", "tock")));
    IO.println(byTopic(List.of("one", "three", "two", "four")));
    Channel<String> slowly = chan();
    paced(Pipes.toChan(3, List.of("drip", "drop", "drip")), slowly, Duration.ofMillis(20));
    IO.println(slowly.stream().toList());
  }

  static String next(Channel<Integer> orders, Channel<String> stops) throws InterruptedException {
    return Alts.<String>first()
        .take(orders, order -> "order " + order)
        .take(stops, why -> "stopped: " + why)
        .timeout(Duration.ofMillis(50), () -> "nothing for 50 ms")
        .onClosed(() -> "no more")
        .await();
  }

  static String either(Channel<Integer> orders, Channel<String> log) throws InterruptedException {
    return switch (alts(take(orders), put(log, "idle"))) {
      case First(Integer order) -> "took " + order;
      case Second(String line) -> "put " + line;
      case Closed(int arm) -> "operation " + arm + " found its channel closed";
    };
  }

  static List<Integer> inParallel(List<String> words) throws InterruptedException {
    Channel<Integer> lengths = chan(words.size());
    try (Scope scope = Scope.open("lengths")) {
      for (String word : words) {
        scope.go(() -> lengths.put(word.length()));
      }
    } // all have ended; had one failed, the others would be interrupted, and this would throw
    lengths.close();
    return lengths.stream().sorted().toList();
  }

  static List<Integer> squares(int most) {
    Channel<Integer> numbers = chan(8);
    Channel<Integer> squares = chan(8);
    go(
        () -> {
          try (numbers) {
            for (int n = 1; n <= most; n++) {
              numbers.put(n);
            }
          }
        });
    Pipeline.ordered(4, numbers, squares, Pipeline.OnFailure.stop(), n -> n * n);
    return squares.stream().toList(); // ends when the pipeline closes it
  }

  static List<String> toAll(List<String> values) throws InterruptedException {
    Channel<String> source = chan();
    Mult<String> mult = Mult.of(source);
    Channel<String> journal = mult.tap(chan(100), SlowTap.WAIT);
    Channel<String> newest = mult.tap(chan(sliding(1)), SlowTap.DROP);
    for (String value : values) {
      source.put(value);
    }
    source.close();
    List<String> all = journal.stream().toList();
    return List.of(String.join(" ", all), "newest: " + newest.take());
  }

  static List<String> byTopic(List<String> words) throws InterruptedException {
    Channel<String> source = chan();
    Pub<Integer, String> byLength = Pub.of(source, String::length);
    Channel<String> ofThree = byLength.sub(3, chan(100), SlowTap.WAIT);
    for (String word : words) {
      source.put(word); // "three" is nobody's topic, and is lost
    }
    source.close();
    return ofThree.stream().toList();
  }

  static <T> Channel<Void> paced(ReadPort<T> from, Channel<T> to, Duration pause) {
    return go(
        "paced from " + from,
        () -> {
          Ports.handOn(); // that it ends tells nothing of what becomes of the values
          try (Ports.Watch _ = Ports.whenClosed(to, Thread.currentThread()::interrupt)) {
            T value = from.take();
            while (value != null && moved(value, from, to)) {
              timeout(pause).take();
              value = from.take();
            }
            to.close();
          } catch (ChannelFailedException e) {
            to.close(Objects.requireNonNull(e.getCause())); // why the source has ended
          } catch (InterruptedException e) {
            // nobody wants more
          }
        });
  }

  static <T> boolean moved(T value, ReadPort<T> from, Channel<T> to) throws InterruptedException {
    boolean put = false;
    try {
      put = to.put(value);
    } finally {
      if (!put) {
        Ports.giveBack(from, value); // it is the next to be taken there
      }
    }
    return put;
  }
}
