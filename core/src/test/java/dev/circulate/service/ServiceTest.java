package dev.circulate.service;

import static dev.circulate.service.TypeOf.listOf;
import static dev.circulate.service.TypeOf.mapOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.Deadline;
import dev.circulate.PeerLostException;
import dev.circulate.WritePort;
import dev.circulate.contract.Until;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServiceTest {

  enum Size {
    SMALL,
    LARGE
  }

  record Item(String name, int count, List<Size> sizes) {}

  record Subscription(String topic, WritePort<String> to) {}

  /** Commands of every kind of argument. */
  static class Everything {
    final CountDownLatch release = new CountDownLatch(1);
    final CountDownLatch interrupted = new CountDownLatch(1);
    final Channel<String> started = Csp.chan(8);

    @Command
    String describe(Item item) {
      return item.toString();
    }

    @Command
    int total(List<Item> items) {
      return items.stream().mapToInt(Item::count).sum();
    }

    @Command
    int narrow(int value) {
      return value;
    }

    @Command
    double wide(double value) {
      return value;
    }

    @Command
    String text(String value) {
      return value;
    }

    @Command
    String moment(Instant at, Duration wait) {
      return at.plus(wait).toString();
    }

    @Command
    String page(@Default("20") int size, Optional<String> after, @Default("up") String order) {
      return size + " " + after.orElse("-") + " " + order;
    }

    @Command
    void subscribe(Subscription subscription) throws InterruptedException {
      subscription.to.put("news of " + subscription.topic);
    }

    @Command
    void toAll(List<WritePort<String>> ports) throws InterruptedException {
      for (WritePort<String> port : ports) {
        port.put("all");
      }
    }

    @Command("add-two")
    int sum(@Named("first-one") int a, @Named("second") int b) {
      return a + b;
    }

    @Command
    int fail(String why) throws Exception {
      throw new java.io.IOException(why);
    }

    @Command
    void refuse() {
      throw new CallException(new CallError.Refused("not today"));
    }

    @Command
    @Nullable String nothing() {
      return null;
    }

    @Command
    String await() throws InterruptedException {
      started.put("await");
      try {
        release.await();
      } catch (InterruptedException e) {
        interrupted.countDown();
        throw e;
      }
      return "released";
    }

    @Command
    long remaining() {
      return Deadline.current().remaining().toMillis();
    }

    @Command
    String caller() {
      return Origin.current().toString();
    }
  }

  record Outer(WritePort<Request> inner) {
    @Command
    long ask() throws Exception {
      return Request.to(inner, "remaining").within(Duration.ofHours(1)).as(long.class);
    }
  }

  static class Lists {
    @Command
    List<Integer> numbers() {
      return List.of(1, 2);
    }

    @Command
    Item item() {
      return new Item("hat", 1, List.of());
    }
  }

  private final Everything everything = new Everything();
  private final WritePort<Request> service = Service.of(everything);

  private static CallError errorOf(ThrowingCallable call) {
    CallException thrown = catchThrowableOfType(CallException.class, call);
    assertThat(thrown).as("the call fails").isNotNull();
    return thrown.error();
  }

  // ---- SV-1

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

  @Test
  @DisplayName("SV-1 a command and an argument can have a name of their own")
  void names() throws Exception {
    assertThat(Request.to(service, "add-two").with("first-one", 1).with("second", 2).as(int.class))
        .isEqualTo(3);
    assertThat(Texts.kebabCase("get42")).isEqualTo("get-42");
    assertThat(Texts.kebabCase("plusOne")).isEqualTo("plus-one");
    assertThat(Texts.kebabCase("x2y")).isEqualTo("x-2y");
    assertThat(Texts.kebabCase("already-there")).isEqualTo("already-there");
  }

  static class VarArgs {
    @Command
    void all(String... values) {}
  }

  static class Twice {
    @Command("x")
    void one(int a) {}

    @Command("x")
    void two(String a) {}
  }

  static class BadDefault {
    @Command
    void x(@Default("many") int size) {}
  }

  static class Underscore {
    @Command("_ping")
    void ping() {}
  }

  @Test
  @DisplayName(
      "SV-1 what cannot be a command is refused when the service is built, with the reason")
  void refusedAtBuild() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Service.of(new VarArgs()))
        .withMessage(
            "VarArgs.all: a command cannot have a variable number of arguments: take a List"
                + " instead");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Service.of(new Twice()))
        .withMessageContaining("Twice has two commands 'x' with arguments of the same names");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Service.of(new BadDefault()))
        .withMessageContaining("the default of parameter 'size': expected int, but came");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Service.of(new Underscore()))
        .withMessageContaining("'_ping'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Service.of("text"))
        .withMessage("java.lang.String has no method with @Command");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Service.of(Calculator.class))
        .withMessageContaining("build the service from an object, not from a class");
  }

  static class Static {
    @Command
    static int one() {
      return 1;
    }
  }

  static class Base {
    @Command
    String who() {
      return "base";
    }

    @Command
    String inherited() {
      return who();
    }
  }

  static class Derived extends Base {
    @Override
    String who() {
      return "derived";
    }
  }

  @Test
  @DisplayName("SV-1 static and inherited methods are commands")
  void staticAndInherited() throws Exception {
    assertThat(Request.to(Service.of(Static.class), "one").as(int.class)).isEqualTo(1);
    WritePort<Request> derived = Service.of(new Derived());
    assertThat(Request.to(derived, "who").as(String.class)).isEqualTo("derived");
    assertThat(Request.to(derived, "inherited").as(String.class)).isEqualTo("derived");
  }

  @Test
  @DisplayName("SV-1 beyond its limit a service answers that it is overloaded, at once")
  void overloaded() throws Exception {
    WritePort<Request> small = Service.of(everything, 1);
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

  // ---- SV-2

  @Test
  @DisplayName("SV-2 plain data becomes records, collections, enums, java.time")
  void conversion() throws Exception {
    Map<String, Object> item =
        Map.of("name", "hat", "count", 2L, "sizes", List.of("SMALL", "LARGE"));
    assertThat(Request.to(service, "describe").with("item", item).as(String.class))
        .isEqualTo("Item[name=hat, count=2, sizes=[SMALL, LARGE]]");
    assertThat(Request.to(service, "total").with("items", List.of(item, item)).as(int.class))
        .isEqualTo(4);
    assertThat(
            Request.to(service, "moment")
                .with("at", "2026-01-01T00:00:00Z")
                .with("wait", "PT1M")
                .as(Instant.class))
        .isEqualTo(Instant.parse("2026-01-01T00:01:00Z"));
  }

  @Test
  @DisplayName("SV-2 numbers pass where they fit, and nowhere else")
  void numbers() throws Exception {
    assertThat(Request.to(service, "narrow").with("value", 7L).as(int.class)).isEqualTo(7);
    assertThat(Request.to(service, "narrow").with("value", 7.0).as(long.class)).isEqualTo(7L);
    assertThat(Request.to(service, "wide").with("value", 7).as(double.class)).isEqualTo(7.0);
    assertThat(Request.to(service, "wide").with("value", Double.NaN).as(double.class)).isNaN();
    refused("narrow", 1L << 40, "expected int, but came the Long 1099511627776");
    refused("narrow", 1.5, "expected int, but came the Double 1.5");
    refused("narrow", Double.NaN, "expected int, but came the Double NaN");
    refused("narrow", "7", "expected int, but came the String \"7\"");
    refused("narrow", null, "expected int, but came null");
    refused("narrow", List.of(), "expected int, but came the ListN []");
    refused("narrow", Csp.chan(), "expected int, but came a channel");
    refused("text", 7, "expected String, but came the Integer 7");
    refused("wide", true, "expected double, but came the Boolean true");
  }

  private void refused(String command, @Nullable Object value, String why) {
    CallError error = errorOf(() -> Request.to(service, command).with("value", value).done());
    assertThat(error).isInstanceOf(CallError.InvalidArgument.class);
    assertThat(error.message()).isEqualTo("argument 'value' of '" + command + "': " + why);
  }

  @Test
  @DisplayName("SV-2 a misfit inside a larger value is named with its place")
  void misfitInside() {
    CallError error =
        errorOf(
            () ->
                Request.to(service, "total")
                    .with("items", List.of(Map.of("name", "hat", "count", 1L << 40)))
                    .done());
    assertThat(error.message())
        .startsWith("argument 'items' of 'total': expected List<Item>, but came the ")
        .contains("(at [0].count: ");
  }

  @Test
  @DisplayName("SV-2 a channel passes untouched at any depth")
  void channels() throws Exception {
    Channel<String> news = Csp.chan(4);
    Request.to(service, "subscribe")
        .with("subscription", Map.of("topic", "wombats", "to", news))
        .done();
    assertThat(news.take()).isEqualTo("news of wombats");
    Request.to(service, "subscribe").with("subscription", new Subscription("frogs", news)).done();
    assertThat(news.take()).isEqualTo("news of frogs");
    Request.to(service, "to-all").with("ports", List.of(news, news.writePort())).done();
    assertThat(news.drain(4)).containsExactly("all", "all");
    CallError error =
        errorOf(
            () ->
                Request.to(service, "subscribe")
                    .with("subscription", Map.of("topic", "x", "to", "nowhere"))
                    .done());
    assertThat(error.message()).contains("(at to: expected a channel");
  }

  // ---- SV-3, SV-7

  @Test
  @DisplayName("SV-3 _commands answers data that a program can read")
  void docsAsData() throws Exception {
    Map<String, Object> docs = Request.to(service, "_commands").as(mapOf(Object.class));
    assertThat(docs)
        .containsEntry(
            "page",
            Map.of(
                "doc",
                "",
                "read-only",
                false,
                "forms",
                List.of(
                    Map.of(
                        "parameters",
                        List.of(
                            Map.of(
                                "name", "size", "type", "int", "required", false, "default", "20"),
                            Map.of("name", "after", "type", "Optional<String>", "required", false),
                            Map.of(
                                "name",
                                "order",
                                "type",
                                "String",
                                "required",
                                false,
                                "default",
                                "up")),
                        "returns",
                        "String"))));
    assertThat(Service.docs(service))
        .contains("page(size: int = 20, after: Optional<String> (optional), order: String = up)");
  }

  @Test
  @DisplayName("SV-7 every service answers _ping, _stats and _health")
  void introspection() throws Exception {
    assertThat(Request.to(service, "_ping").as(String.class)).isEqualTo("pong");
    assertThat(Request.to(service, "_health").as(mapOf(String.class)))
        .containsEntry("status", "up");
    errorOf(() -> Request.to(service, "refuse").done());
    Until.until(
        "the counts are right",
        () -> {
          Map<String, Object> stats = stats();
          return stats.get("calls") instanceof Long calls
              && calls >= 3
              && Objects.equals(stats.get("errors"), 1L);
        });
  }

  private Map<String, Object> stats() {
    try {
      return Request.to(service, "_stats").as(mapOf(Object.class));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  // ---- SV-4

  @Test
  @DisplayName("SV-4 an unknown command is answered with those that there are")
  void unknownCommand() {
    CallError error = errorOf(() -> Request.to(Service.of(new Calculator()), "nope").done());
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
        errorOf(() -> Request.to(Service.of(new Calculator()), "get-42").with("y", 1).done());
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
    assertThat(thrown).hasCauseInstanceOf(java.io.IOException.class);
  }

  @Test
  @DisplayName("SV-4 a remote caller gets the type and the message of what was thrown, as data")
  void serviceThrowsToRemote() throws Exception {
    Channel<Object> reply = Csp.chan(1);
    Map<String, Object> message = Map.of("_cmd", "fail", "why", "disk full", "_return", reply);
    service.put(Request.received(message, new Origin.Remote("test", null), Deadline.none()));
    assertThat(reply.take())
        .isEqualTo(
            Map.of(
                "error",
                Map.of("code", "failed", "type", "java.io.IOException", "message", "disk full")));
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
  @DisplayName(
      "SV-4 a closed service, a lost peer, a reply channel closed in between: a typed error")
  void goneServices() throws Exception {
    Channel<Request> closed = Csp.chan();
    closed.close();
    assertThat(errorOf(() -> Request.to(closed, "x").done()).code())
        .isEqualTo(ErrorCode.UNKNOWN_SERVICE);

    Channel<Request> lost = Csp.chan();
    lost.close(new PeerLostException("b", "no heartbeat"));
    assertThat(errorOf(() -> Request.to(lost, "x").done()))
        .isEqualTo(new CallError.PeerLost("b", "'x' was not answered: no heartbeat"));

    Channel<Request> open = Csp.chan();
    Answer<String> answer = Request.to(open, "x").begin(String.class);
    Channel<?> reply =
        (Channel<?>) Objects.requireNonNull(Objects.requireNonNull(open.take()).replyTo());
    reply.close(new PeerLostException("c", "cut"));
    assertThat(errorOf(answer::get)).isInstanceOf(CallError.PeerLost.class);
  }

  @Test
  @DisplayName("SV-4 an answer that is none is an internal error that says what came")
  void badAnswers() throws Exception {
    assertThat(answered("no")).contains("\"no\", not with a map");
    assertThat(answered(Map.of("result", 1))).contains("neither an answer nor an error: [result]");
    assertThat(answered(Map.of("error", "old style"))).isEqualTo("old style");
  }

  private static String answered(Object what) throws Exception {
    Channel<Request> fake = Csp.chan();
    Answer<String> answer = Request.to(fake, "x").begin(String.class);
    Objects.requireNonNull(Objects.requireNonNull(fake.take()).replyTo()).put(what);
    return errorOf(answer::get).message();
  }

  @Test
  @DisplayName("SV-4 every error survives the way through plain data")
  void errorsAsData() {
    List<CallError> errors =
        List.of(
            new CallError.Timeout(Duration.ofSeconds(30), "m"),
            new CallError.DeadlineExceeded("m"),
            new CallError.Cancelled("m"),
            new CallError.UnknownService("m"),
            new CallError.UnknownCommand("m"),
            new CallError.InvalidArgument("m"),
            new CallError.Refused("m"),
            new CallError.Unauthenticated("m"),
            new CallError.Overloaded("m"),
            new CallError.PeerLost("p", "m"),
            new CallError.Failed("t", "m", null),
            new CallError.Internal("m"));
    assertThat(errors).extracting(CallError::code).containsExactly(ErrorCode.values());
    for (CallError error : errors) {
      assertThat(CallError.fromData(new HashMap<>(error.toData()))).isEqualTo(error);
    }
  }

  // ---- SV-5

  @Test
  @DisplayName("SV-5 a service as a typed interface")
  void typedClient() {
    Calculator.Client calculator =
        Service.client(Service.of(new Calculator()), Calculator.Client.class);
    assertThat(calculator.plusOne(calculator.get42())).isEqualTo(43);
    assertThat(calculator.get42(8)).isEqualTo(50);
    assertThat(List.of("x", calculator)).contains(calculator);
    assertThat(calculator.toString()).startsWith("Client of ");
  }

  interface Wrong {
    String describe(int item);

    Optional<String> nothing();

    void refuse();

    default String both() {
      return nothing().isPresent() ? "there" : "missing";
    }
  }

  @Test
  @DisplayName("SV-5 what goes wrong in a typed call is a typed error")
  void typedClientErrors() {
    Wrong wrong = Service.client(service, Wrong.class);
    assertThat(errorOf(() -> wrong.describe(7)).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(errorOf(wrong::refuse).code()).isEqualTo(ErrorCode.REFUSED);
    assertThat(wrong.nothing()).isEmpty();
    assertThat(wrong.both()).isEqualTo("missing");
    assertThatIllegalArgumentException().isThrownBy(() -> Service.client(service, String.class));
  }

  // ---- SV-6

  @Test
  @DisplayName("SV-6 a deadline travels: the callee sees it, and what it calls has no longer")
  void deadline() throws Exception {
    long left =
        Request.to(Service.of(new Outer(service)), "ask")
            .within(Duration.ofSeconds(20))
            .as(long.class);
    assertThat(left).isPositive().isLessThanOrEqualTo(20_000);
  }

  @Test
  @DisplayName("SV-6 when the deadline passes the method is interrupted and the caller answered")
  void deadlinePasses() throws Exception {
    Channel<Object> reply = Csp.chan(1);
    service.put(
        Request.received(
            Map.of("_cmd", "await", "_return", reply),
            new Origin.Remote("test", null),
            Deadline.after(Duration.ofMillis(20))));
    assertThat(CallError.fromData(((Map<?, ?>) Objects.requireNonNull(reply.take())).get("error")))
        .isEqualTo(
            new CallError.DeadlineExceeded("the deadline passed while 'await' was under way"));
    everything.interrupted.await();
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

  @Test
  @DisplayName("DI-11 a command sees who calls it")
  void origin() throws Exception {
    assertThat(Request.to(service, "caller").as(String.class)).isEqualTo("a local caller");
    Channel<Object> reply = Csp.chan(1);
    service.put(
        Request.received(
            Map.of("_cmd", "caller", "_return", reply),
            new Origin.Remote("10.0.0.7", "alice"),
            Deadline.none()));
    assertThat(reply.take()).isEqualTo(Map.of("answer", "peer 10.0.0.7 (alice)"));
  }

  @Test
  @DisplayName("SV-2 an answer is converted to the type that is asked for")
  void answersConvert() throws Exception {
    WritePort<Request> lists = Service.of(new Lists());
    assertThat(Request.to(lists, "numbers").as(listOf(Long.class))).containsExactly(1L, 2L);
    assertThat(Request.to(lists, "item").as(mapOf(Object.class))).containsEntry("name", "hat");
    assertThat(errorOf(() -> Request.to(lists, "numbers").as(int.class)).code())
        .isEqualTo(ErrorCode.INTERNAL);
  }
}
