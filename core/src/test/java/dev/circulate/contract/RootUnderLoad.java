package dev.circulate.contract;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.WritePort;
import dev.circulate.service.CallError;
import dev.circulate.service.ErrorCode;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A root of which all is replaced again and again while callers ask: each is answered, once. */
final class RootUnderLoad {
  private static final int CALLERS = 8;
  private static final int CALLS = 60;

  private final Root root;

  /** The root as its callers have it. */
  private final WritePort<Request> port;

  private final AtomicInteger answered = new AtomicInteger();

  /** How many of them a service answered that does not live for ever. */
  private final AtomicInteger answeredByMortals = new AtomicInteger();

  private final List<Channel<Object>> replies = new CopyOnWriteArrayList<>();
  private final List<Mortal> mortals = new ArrayList<>();
  private final AtomicBoolean stop = new AtomicBoolean();

  RootUnderLoad(Root root, WritePort<Request> port) {
    this.root = root;
    this.port = port;
  }

  /** A service that answers until it is removed, then what was accepted, and closes. */
  private static final class Mortal {
    final Channel<Request> requests = Csp.chan(4);
    final Channel<Void> end = Csp.go(() -> serve());

    private void serve() throws InterruptedException {
      for (Request request = requests.take(); request != null; request = requests.take()) {
        WritePort<Object> reply = request.replyTo();
        if (reply != null) {
          reply.put(Map.of("answer", 1));
        } else if ("removed-from-root".equals(request.command())) {
          requests.close();
        }
      }
    }
  }

  void replaceAndAsk() throws InterruptedException {
    replaceAll(0);
    Channel<Void> replacing = Csp.go(this::replaceAgainAndAgain);
    List<Channel<Void>> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      callers.add(Csp.go(this::callAgainAndAgain));
    }
    for (Channel<Void> caller : callers) {
      caller.take();
    }
    stop.set(true);
    replacing.take();
    root.remove("mortal");
    for (Mortal mortal : mortals) {
      mortal.end.take(); // each was told, or it would serve for ever
    }
    assertThat(answered.get()).isEqualTo(CALLERS * CALLS * 4);
    assertThat(answeredByMortals.get()).isPositive();
    for (Channel<Object> reply : replies) {
      assertThat(reply.buffered()).as("a second answer").isZero();
      reply.close();
    }
  }

  private void replaceAgainAndAgain() {
    for (int i = 0; !stop.get(); i++) {
      int own = i;
      int before = answeredByMortals.get();
      replaceAll(own);
      until("a call came through", () -> stop.get() || answered.get() > own);
      if (own % 4 == 0) {
        until("a mortal lived to answer", () -> stop.get() || answeredByMortals.get() > before);
      }
    }
  }

  private void replaceAll(int number) {
    Mortal mortal = new Mortal();
    mortals.add(mortal);
    root.add("mortal", mortal.requests.writePort(), Visibility.PUBLIC);
    root.add("immortal", Service.of(new Sums()), Visibility.PUBLIC);
    root.handler("number", _ -> number);
    root.delegate(Root.named("next").handler("elsewhere", _ -> number).port());
  }

  private void callAgainAndAgain() throws InterruptedException {
    for (int i = 0; i < CALLS; i++) {
      assertThat(valueOf(ask(port, "number"))).isInstanceOf(Number.class);
      assertThat(valueOf(ask(port, "elsewhere"))).isInstanceOf(Number.class);
      assertThat(valueOf(ask(service("immortal"), "get-42")).toString()).isEqualTo("42");
      Map<?, ?> answer = ask(service("mortal"), "get");
      if (answer.get("error") != null) {
        assertThat(CallError.fromData(answer.get("error")).code())
            .isEqualTo(ErrorCode.UNKNOWN_SERVICE);
      } else {
        assertThat(valueOf(answer).toString()).isEqualTo("1");
        answeredByMortals.incrementAndGet();
      }
    }
  }

  private WritePort<Request> service(String name) throws InterruptedException {
    return Request.to(port, "get-service").with("service", name).as(Request.CHANNEL);
  }

  private static Object valueOf(Map<?, ?> answer) {
    return Objects.requireNonNull(answer.get("answer"), () -> "answered with " + answer);
  }

  /** Asks by hand, with a reply channel that would show a second answer. */
  private Map<?, ?> ask(WritePort<Request> service, String command) throws InterruptedException {
    Channel<Object> reply = Csp.chan(2);
    replies.add(reply);
    boolean accepted =
        service.put(Request.of(Map.of(Request.COMMAND, command, Request.RETURN, reply)));
    Object answer =
        accepted
            ? reply.poll(Until.PATIENCE)
            : Map.of("error", new CallError.UnknownService("closed").toData());
    answered.incrementAndGet();
    return (Map<?, ?>) Objects.requireNonNull(answer, () -> "no answer to '" + command + "'");
  }
}
