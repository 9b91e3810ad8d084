package dev.circulate.examples;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.go;

import dev.circulate.Alts;
import dev.circulate.Channel;
import dev.circulate.GoFor;
import dev.circulate.WritePort;
import dev.circulate.service.Request;
import dev.circulate.service.Service;
import java.time.Duration;
import java.util.List;

/** The first steps, within one process: go blocks, channels, alts, a service and a GoFor. */
public final class QuickStart {
  private QuickStart() {}

  public static void main(String[] args) throws InterruptedException {
    twoGoBlocks();
    pipeline();
    whicheverComesFirst();
    service();
  }

  /** A go block is a virtual thread: it may block wherever it likes. */
  private static void twoGoBlocks() throws InterruptedException {
    Channel<String> greetings = chan();
    go(() -> greetings.put("hello"));
    IO.println(greetings.take());
  }

  /** Closing a channel ends the loop of whoever takes from it. */
  private static void pipeline() {
    Channel<Integer> numbers = chan(16);
    go(
        () -> {
          try (numbers) {
            for (int i = 1; i <= 100; i++) {
              numbers.put(i);
            }
          }
        });
    int sum = 0;
    for (int n : numbers) {
      sum += n;
    }
    IO.println("the numbers up to 100 add up to " + sum);
  }

  /** An alts does one of its operations: the first that can happen. */
  private static void whicheverComesFirst() throws InterruptedException {
    Channel<String> fast = chan();
    Channel<String> never = chan();
    go(() -> fast.put("42.10"));
    for (int i = 0; i < 2; i++) {
      IO.println(
          Alts.<String>first()
              .take(fast, quote -> "fast says " + quote)
              .take(never, quote -> "never says " + quote)
              .timeout(Duration.ofMillis(200), () -> "nobody answered within 200 ms")
              .await());
    }
  }

  /** A service answers requests; a GoFor asks one after the other, with one place for errors. */
  private static void service() throws InterruptedException {
    WritePort<Request> service = Service.of(new Calculator());
    IO.println(Service.docs(service));

    Channel<List<Integer>> results =
        GoFor.of(
                g -> {
                  int x = g.ask("x", service, "get-42").as(int.class);
                  int y = g.ask("y", service, "plus-one").with("x", x).as(int.class);
                  return List.of(x, y);
                })
            .onError(
                (error, variable) -> {
                  IO.println("no " + variable + ": " + error.message());
                  return List.of();
                })
            .start();
    IO.println("get-42 and plus-one answer " + results.take());

    GoFor.of(g -> g.ask("z", service, "plus-one").with("x", "many").as(int.class))
        .onError(
            (error, variable) -> {
              IO.println("no " + variable + ": " + error.message());
              return -1;
            })
        .start()
        .take();
  }
}
