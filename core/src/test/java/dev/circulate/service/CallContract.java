package dev.circulate.service;

import static dev.circulate.service.TypeOf.mapOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.Deadline;
import dev.circulate.WritePort;
import dev.circulate.contract.Speechless;
import dev.circulate.contract.Until;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a caller can rely on, wherever the service is: SV-1, SV-4, SV-6, SV-7. */
public abstract class CallContract extends ServiceContractBase {
  /** The contract of services that are reached so. */
  protected CallContract(Reach reach) {
    super(reach);
  }

  @Test
  @DisplayName("SV-1 a slow command holds up no other")
  void slowCommand() throws Exception {
    try (Answer<String> slow = Request.to(service, "await").begin(String.class)) {
      assertThat(everything.started.take()).isEqualTo("await");
      assertThat(Request.to(service, "narrow").with("value", 1).as(int.class)).isEqualTo(1);
      assertThat(slow.isDone()).isFalse();
      everything.release.countDown();
      assertThat(slow.get()).isEqualTo("released");
    }
  }

  @Test
  @DisplayName("SV-1 defaults and Optionals may be left out")
  void defaults() throws Exception {
    assertThat(Request.to(service, "page").as(String.class)).isEqualTo("20 - up");
    assertThat(Request.to(service, "page").with("after", "x").with("size", 5).as(String.class))
        .isEqualTo("5 x up");
  }

  static class Baskets {
    @Command
    int add(String item, @Default("[\"a bag\"]") List<String> to) {
      to.add(item);
      return to.size();
    }
  }

  @Test
  @DisplayName("SV-1 a default is each call's own: what one does to it no other sees")
  void ownDefaults() throws Exception {
    WritePort<Request> baskets = reach(Service.of(new Baskets()));
    for (String item : List.of("tea", "honey")) {
      assertThat(Request.to(baskets, "add").with("item", item).as(int.class)).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("SV-1 a command and an argument can have a name of their own")
  void names() throws Exception {
    assertThat(Request.to(service, "add-two").with("first-one", 1).with("second", 2).as(int.class))
        .isEqualTo(3);
  }

  @Test
  @DisplayName("SV-1 beyond its limit a service answers that it is overloaded, at once")
  void overloaded() throws Exception {
    WritePort<Request> small = reach(Service.builder(everything).limit(1).open());
    try (Answer<String> slow = Request.to(small, "await").begin(String.class)) {
      assertThat(everything.started.take()).isNotNull();
      CallError error = errorOf(() -> Request.to(small, "narrow").with("value", 1).done());
      assertThat(error).isInstanceOf(CallError.Overloaded.class);
      assertThat(error.message())
          .isEqualTo("service Everything has 1 requests under way, which is its limit");
      everything.release.countDown();
      assertThat(slow.get()).isEqualTo("released");
    }
  }

  @Test
  @DisplayName("SV-7 every service answers _ping, _stats and _health")
  void introspection() throws Exception {
    assertThat(Request.to(service, "_ping").as(String.class)).isEqualTo("pong");
    assertThat(Request.to(service, "_health").as(mapOf(String.class)))
        .containsEntry("status", "up");
    errorOf(() -> Request.to(service, "refuse").done());
    Until.until("the counts are right", () -> stat("calls") >= 3 && stat("errors") == 1);
  }

  @Test
  @DisplayName("SV-4 an unknown command is answered with those that there are")
  void unknownCommand() {
    CallError error = errorOf(() -> Request.to(reach(Service.of(new Calculator())), "nope").done());
    assertThat(error)
        .isEqualTo(
            new CallError.UnknownCommand(
                "service Calculator has no command 'nope', only get-42, plus-one"));
  }

  @Test
  @DisplayName(
      "SV-4 arguments that fit no overload are answered with what was expected and what came")
  void noOverload() {
    CallError error =
        errorOf(
            () -> Request.to(reach(Service.of(new Calculator())), "get-42").with("y", 1).done());
    assertThat(error)
        .isEqualTo(new CallError.InvalidArgument("'get-42' takes (x: int) or (), but came with y"));
  }

  @Test
  @DisplayName("SV-4 what a service throws is answered with its type and message")
  void serviceThrows() {
    CallException thrown =
        catchThrowableOfType(
            CallException.class, () -> Request.to(service, "fail").with("why", "disk full").done());
    assertThat(thrown.error().code()).isEqualTo(ErrorCode.FAILED);
    assertThat(thrown.error())
        .isInstanceOfSatisfying(
            CallError.Failed.class,
            failed -> {
              assertThat(failed.type()).isEqualTo("java.io.IOException");
              assertThat(failed.message()).isEqualTo("disk full");
            });
  }

  static class Odd {
    @Command
    void fail() throws Throwable {
      throw new Throwable("odd");
    }
  }

  @Test
  @DisplayName("SV-4 so it is with what is neither an exception nor an error")
  void serviceThrowsWhatever() {
    assertThat(errorOf(() -> Request.to(reach(Service.of(new Odd())), "fail").done()))
        .isInstanceOfSatisfying(
            CallError.Failed.class,
            failed -> {
              assertThat(failed.type()).isEqualTo("java.lang.Throwable");
              assertThat(failed.message()).isEqualTo("odd");
            });
  }

  @SuppressWarnings("serial")
  static class Wordless {
    @Command
    void fail() {
      throw new Speechless();
    }
  }

  @Test
  @DisplayName("SV-4 SV-7 what a service throws is answered, and counted, though it has no words")
  void throwsWithoutWords() throws Exception {
    WritePort<Request> wordless = reach(Service.of(new Wordless()));
    assertThat(errorOf(() -> Request.to(wordless, "fail").done()))
        .isInstanceOfSatisfying(
            CallError.Failed.class,
            failed -> {
              assertThat(failed.type()).isEqualTo(Speechless.class.getName());
              assertThat(failed.message()).isEqualTo("(its getMessage threw AssertionError)");
            });
    assertThat(Request.to(wordless, "_stats").as(mapOf(Double.class)))
        .containsAllEntriesOf(Map.of("errors", 1.0, "under-way", 1.0));
  }

  @Test
  @DisplayName("SV-4 a command can choose the error that it answers")
  void chosenError() {
    assertThat(errorOf(() -> Request.to(service, "refuse").done()))
        .isEqualTo(new CallError.Refused("not today"));
  }

  @Test
  @DisplayName(
      "SV-4 a null answer is a typed error where a value was asked for, and fine elsewhere")
  void nullAnswer() throws Exception {
    Request.to(service, "nothing").done();
    assertThat(Request.to(service, "nothing").as(TypeOf.optionalOf(String.class))).isEmpty();
    assertThat(errorOf(() -> Request.to(service, "nothing").as(String.class)).message())
        .isEqualTo("the answer of 'nothing': expected String, but came null");
  }

  @Test
  @DisplayName("SV-6 a deadline travels: the callee sees it, and what it calls has no longer")
  void deadline() throws Exception {
    long left =
        Request.to(reach(Service.of(new Everything.Outer(service))), "ask")
            .within(Duration.ofSeconds(20))
            .as(long.class);
    assertThat(left).isPositive().isLessThanOrEqualTo(20_000);
  }

  static class Jobs {
    final Channel<String> events = Csp.chan(2);

    @Command
    void start() {
      Csp.go(() -> events.put("block " + Deadline.current().exists()));
      Thread.startVirtualThread(() -> events.offer("thread " + Deadline.current().exists()));
    }
  }

  @Test
  @DisplayName("SV-6 go blocks that a command starts inherit its deadline, a thread does not")
  void outlasting() throws Exception {
    Jobs jobs = new Jobs();
    Request.to(reach(Service.of(jobs)), "start").done();
    assertThat(List.of(jobs.events.take(), jobs.events.take()))
        .containsExactlyInAnyOrder("block true", "thread false");
  }

  @Test
  @DisplayName("SV-6 a caller that gives up interrupts the method")
  void callerGivesUp() throws Exception {
    try (Answer<String> given = Request.to(service, "await").begin(String.class)) {
      assertThat(everything.started.take()).isNotNull();
      assertThat(given.isDone()).isFalse();
    }
    everything.interrupted.await();
  }

  @Test
  @DisplayName("SV-6 an interrupted caller gives up, and the method is interrupted")
  void callerInterrupted() throws Exception {
    Channel<String> outcome = Csp.chan(1);
    Thread caller =
        Thread.startVirtualThread(
            () -> {
              try {
                Request.to(service, "await").done();
              } catch (InterruptedException e) {
                outcome.offer("interrupted");
              }
            });
    assertThat(everything.started.take()).isNotNull();
    caller.interrupt();
    assertThat(outcome.take()).isEqualTo("interrupted");
    everything.interrupted.await();
  }

  private long stat(String name) {
    try {
      Object value = Request.to(service, "_stats").as(mapOf(Object.class)).get(name);
      return value instanceof Number number ? number.longValue() : -1;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** An interface whose methods are commands where it is implemented. */
  interface Greeter {
    @Command
    String greet(String name, @Default("Hello") String how);
  }

  static class Polite implements Greeter {
    @Override
    public String greet(String name, String how) {
      return how + ", " + name;
    }
  }

  @Test
  @DisplayName("SV-1 a command may be annotated in an interface, which is the client's as well")
  void annotatedInterface() throws Exception {
    WritePort<Request> polite = reach(Service.of(new Polite()));
    assertThat(Service.client(polite, Greeter.class).greet("Ada", "Good day"))
        .isEqualTo("Good day, Ada");
    assertThat(Request.to(polite, "greet").with("name", "Ada").as(String.class))
        .isEqualTo("Hello, Ada");
  }

  @Test
  @DisplayName("SV-4 each of the twelve errors comes out as it went in")
  void family() {
    WritePort<Request> failing = reach(Service.of(new Family.Failing()));
    for (CallError error : Family.ALL) {
      Call call = Request.to(failing, "fail-with").with("code", error.code().id());
      assertThat(errorOf(call::done)).isEqualTo(error);
    }
  }

  static class Slow {
    final Channel<String> events = Csp.chan(8);

    @Command(timeout = "PT0.02S")
    String sleep() throws InterruptedException {
      try {
        return String.valueOf(Csp.chan().take());
      } catch (InterruptedException e) {
        events.put("interrupted");
        throw e;
      }
    }
  }

  @Test
  @DisplayName("SV-6 a command's own timeout interrupts it, whatever its caller allows")
  void commandTimeout() throws Exception {
    Slow slow = new Slow();
    WritePort<Request> sleeper = reach(Service.of(slow));
    assertThat(errorOf(() -> Request.to(sleeper, "sleep").as(String.class)))
        .isEqualTo(
            new CallError.Timeout(
                Duration.ofMillis(20),
                "'sleep' took longer than PT0.02S, which is all that it is given"));
    assertThat(slow.events.take()).isEqualTo("interrupted");
  }

  @Test
  @DisplayName("SV-6 so it does behind interceptors")
  void commandTimeoutIntercepted() throws Exception {
    Slow slow = new Slow();
    WritePort<Request> sleeper =
        reach(Service.builder(slow).intercept((request, next) -> next.proceed(request)).open());
    assertThat(errorOf(() -> Request.to(sleeper, "sleep").as(String.class)).message())
        .startsWith("'sleep' took longer than PT0.02S");
    assertThat(slow.events.take()).isEqualTo("interrupted");
  }

  @Test
  @DisplayName("SV-6 the caller's limit is a timeout, and interrupts the method")
  void limit() throws Exception {
    CallError error =
        errorOf(() -> Request.to(service, "await").within(Duration.ofMillis(20)).done());
    assertThat(error)
        .isInstanceOfSatisfying(
            CallError.Timeout.class,
            timeout -> assertThat(timeout.after()).isEqualTo(Duration.ofMillis(20)));
    everything.interrupted.await();
  }
}
