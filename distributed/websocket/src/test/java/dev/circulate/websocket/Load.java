package dev.circulate.websocket;

import static dev.circulate.contract.Forked.fork;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Csp;
import dev.circulate.WritePort;
import dev.circulate.contract.Forked;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Callers that call one after the other until told to stop; each call has an outcome. */
final class Load {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final List<WritePort<Request>> roots;
  private final AtomicInteger ids = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final List<Forked<Boolean>> callers = new ArrayList<>();
  private volatile boolean over;

  /**
   * Begins to call.
   *
   * @param roots whom, in turn: the one root of {@link #root()} by as many ways; may grow meanwhile
   * @param callers how many call side by side
   */
  Load(List<WritePort<Request>> roots, int callers) {
    this.roots = roots;
    for (int i = 0; i < callers; i++) {
      this.callers.add(fork(this::call));
    }
  }

  /** What is called: it counts how often each call arrives. */
  static Root root() {
    Set<Object> ids = ConcurrentHashMap.newKeySet();
    AtomicInteger doubled = new AtomicInteger();
    return Root.named("far")
        .handler("wait", _ -> Csp.chan().take())
        .handler("echo", request -> request.argument("id"))
        .handler(
            "once",
            request -> {
              Object id = Objects.requireNonNull(request.argument("id"));
              if (!ids.add(id)) {
                doubled.incrementAndGet();
              }
              return id;
            })
        .handler("received", _ -> ids.size())
        .handler("doubled", _ -> doubled.get());
  }

  private boolean call() throws InterruptedException {
    while (!over) {
      int id = ids.incrementAndGet();
      WritePort<Request> root = roots.get(id % roots.size());
      int answer = Request.to(root, "once").with("id", id).within(LONG).as(int.class);
      assertThat(answer).isEqualTo(id);
      answered.incrementAndGet();
    }
    return true;
  }

  /** How many calls were answered until now. */
  int answered() {
    return answered.get();
  }

  /** Lets the calls under way end, and checks that each call arrived once and was answered. */
  void assertNothingLostOrDoubled() throws InterruptedException {
    over = true;
    for (Forked<Boolean> caller : callers) {
      assertThat(caller.join()).isTrue();
    }
    assertThat(answered).as("answered").hasValue(ids.get());
    WritePort<Request> root = roots.getFirst();
    assertThat(Request.to(root, "received").as(int.class)).as("received").isEqualTo(ids.get());
    assertThat(Request.to(root, "doubled").as(int.class)).as("doubled").isZero();
  }
}
