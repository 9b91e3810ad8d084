package dev.circulate.examples;

import static dev.circulate.Csp.chan;
import static dev.circulate.service.TypeOf.listOf;

import dev.circulate.Channel;
import dev.circulate.GoFor;
import dev.circulate.WritePort;
import dev.circulate.service.CallError;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.Visibility;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** The three programs that docs/gofor.md shows side by side with those of others. */
public final class GoForPrograms {
  private GoForPrograms() {}

  public static void main(String[] args) throws InterruptedException {
    AtomicInteger counter = new AtomicInteger();
    WritePort<Request> calculator = Service.of(new Calculator());
    Root root =
        Root.named("b-root")
            .handler("inc", _ -> counter.incrementAndGet())
            .handler("get", _ -> counter.get())
            .add("42", calculator, Visibility.PUBLIC);
    IO.println(allTogetherNow(root.port()).take());
    IO.println(twoSteps(calculator).take());
    IO.println(wombat(root.port()).take());
  }

  static Channel<List<String>> wombat(WritePort<Request> myRoot) {
    return GoFor.of(
            g -> {
              var root =
                  g.ask("root", myRoot, "get-service").with("service", "root").as(Request.CHANNEL);
              g.ask("added", root, "add")
                  .with("service", "wombat2")
                  .with("channel", chan())
                  .with("public", true)
                  .done();
              return g.ask("services", root, "list").as(listOf(String.class));
            })
        .onError((error, variable) -> List.of("no " + variable + ": " + error.message()))
        .start();
  }

  /** A service as its callers see it. */
  interface Calc {
    int get42();

    int plusOne(int x);
  }

  static Channel<List<Integer>> twoSteps(WritePort<Request> service) {
    Calc calc = Service.client(service, Calc.class);
    return GoFor.of(
            g -> {
              int x = g.call("x", calc::get42);
              int y = g.call("y", () -> calc.plusOne(x));
              return List.of(x, y);
            })
        .start();
  }

  record Result(int answer, Set<String> services, int answer2) {}

  static Channel<Result> allTogetherNow(WritePort<Request> bRoot) {
    return GoFor.of(
            g -> {
              g.ask("incremented", bRoot, "inc").done();

              var answer = g.ask("answer", bRoot, "get").begin(int.class);
              var services = g.ask("services", bRoot, "list").begin(listOf(String.class));
              var service =
                  g.ask("service", bRoot, "get-service")
                      .with("service", "42")
                      .begin(Request.CHANNEL);
              g.join(Duration.ofSeconds(45));

              int answer2 = g.ask("answer2", service.get(), "get-42").as(int.class);
              return new Result(answer.get(), Set.copyOf(services.get()), answer2);
            })
        .onError(
            (error, variable) -> {
              switch (error) {
                case CallError.Timeout late -> IO.println(variable + " after " + late.after());
                case CallError.PeerLost lost -> IO.println(lost.peer() + " is gone");
                case CallError other -> IO.println(variable + ": " + other.message());
              }
              return null;
            })
        .start();
  }
}
