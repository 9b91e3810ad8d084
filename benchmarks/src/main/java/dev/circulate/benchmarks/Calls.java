package dev.circulate.benchmarks;

import static java.util.Objects.requireNonNull;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.GoFor;
import dev.circulate.WritePort;
import dev.circulate.service.Command;
import dev.circulate.service.Request;
import dev.circulate.service.Service;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * One call after the other, of a command that does next to nothing: what a call costs, the less of
 * it written by hand the more the library does.
 *
 * <p>Each shape runs in a go block, calls so many times, and answers the sum of the answers.
 */
enum Calls {
  /**
   * A channel for requests, one for each reply, and a go block that serves one after the other: a
   * bare pair of put and take each way, without the conversions, limits, deadlines and errors of a
   * service.
   */
  PUT_AND_TAKE("call, put and take") {
    @Override
    long call(int calls) throws Exception {
      Channel<Map<String, Object>> service = Csp.chan();
      Csp.go(() -> serve(service, false));
      try (service) {
        return sum(calls, x -> requireNonNull(byHand(service, x).get("answer")));
      }
    }
  },

  /** The same with a go block for each request, so that a slow one holds up no other. */
  PUT_AND_TAKE_IN_BLOCKS("call, put and take, a go block each") {
    @Override
    long call(int calls) throws Exception {
      Channel<Map<String, Object>> service = Csp.chan();
      Csp.go(() -> serve(service, true));
      try (service) {
        return sum(calls, x -> requireNonNull(byHand(service, x).get("answer")));
      }
    }
  },

  /** A service is asked by a request and a reply channel that are written by hand. */
  BY_HAND("call, request and reply by hand") {
    @Override
    long call(int calls) throws Exception {
      WritePort<Request> service = Service.of(new Calculator());
      return sum(
          calls,
          x -> {
            Channel<Object> reply = Csp.chan(1);
            service.put(Request.of(message(x, reply)));
            return requireNonNull(((Map<?, ?>) requireNonNull(reply.take())).get("answer"));
          });
    }
  },

  /** A service is asked by a {@code Call}. */
  REQUEST("call, Request.to") {
    @Override
    long call(int calls) throws Exception {
      WritePort<Request> service = Service.of(new Calculator());
      return sum(calls, x -> Request.to(service, "plus-one").with("x", x).as(int.class));
    }
  },

  /** A service is asked by a method of an interface. */
  TYPED_CLIENT("call, typed client") {
    @Override
    long call(int calls) throws Exception {
      Client client = Service.client(Service.of(new Calculator()), Client.class);
      return sum(calls, client::plusOne);
    }
  },

  /** A service is asked by the only step of a GoFor. */
  GO_FOR("call, GoFor") {
    @Override
    long call(int calls) throws Exception {
      WritePort<Request> service = Service.of(new Calculator());
      return sum(
          calls,
          x ->
              requireNonNull(
                  GoFor.of(g -> g.ask("y", service, "plus-one").with("x", x).as(int.class))
                      .onError((error, variable) -> -1)
                      .start()
                      .take()));
    }
  };

  /** What is asked. */
  static final class Calculator {
    @Command
    int plusOne(int x) {
      return x + 1;
    }
  }

  /** The same for who asks. */
  interface Client {
    int plusOne(int x);
  }

  /** One call. */
  @FunctionalInterface
  private interface Ask {
    Object ask(int x) throws Exception;
  }

  private final String title;

  Calls(String title) {
    this.title = title;
  }

  /** The name of its row. */
  String title() {
    return title;
  }

  /** Calls with 0, 1, 2 and so on, and answers the sum of the answers. */
  abstract long call(int calls) throws Exception;

  private static long sum(int calls, Ask ask) throws Exception {
    Callable<Long> body =
        () -> {
          long sum = 0;
          for (int x = 0; x < calls; x++) {
            sum += (Integer) ask.ask(x);
          }
          return sum;
        };
    return requireNonNull(Csp.go(body).take());
  }

  private static Map<String, Object> message(int x, Channel<Object> reply) {
    Map<String, Object> message = new HashMap<>();
    message.put(Request.COMMAND, "plus-one");
    message.put("x", x);
    message.put(Request.RETURN, reply);
    return message;
  }

  private static Map<?, ?> byHand(Channel<Map<String, Object>> service, int x)
      throws InterruptedException {
    Channel<Object> reply = Csp.chan(1);
    service.put(message(x, reply));
    return (Map<?, ?>) requireNonNull(reply.take());
  }

  private static void serve(Channel<Map<String, Object>> service, boolean eachInBlock) {
    for (Map<String, Object> request : service) {
      if (eachInBlock) {
        Csp.go(() -> answer(request));
      } else {
        answer(request);
      }
    }
  }

  private static void answer(Map<String, Object> request) {
    @SuppressWarnings("unchecked")
    Channel<Object> reply = (Channel<Object>) requireNonNull(request.get(Request.RETURN));
    int x = (Integer) requireNonNull(request.get("x"));
    reply.offer(Map.of("answer", x + 1));
  }
}
