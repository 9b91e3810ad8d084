package dev.circulate.service;

import static dev.circulate.contract.Until.until;
import static dev.circulate.service.TypeOf.channelOf;
import static dev.circulate.service.TypeOf.mapOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.Deadline;
import dev.circulate.GoFor;
import dev.circulate.OwnPort;
import dev.circulate.PeerLostException;
import dev.circulate.UncaughtHandler;
import dev.circulate.WritePort;
import dev.circulate.internal.Pending;
import dev.circulate.internal.PutSide;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What only who stands at the service's own channel can see. */
class ServiceTest extends ServiceContractBase {
  ServiceTest() {
    super(service -> service);
  }

  // ---- SV-1

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

  static class Visits {
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    @Command
    int visit(
        @Default("2026-05-01T12:00:00Z") Instant at,
        @Default("PT5S") Duration wait,
        @Default("0b0b3c5e-1c5c-4a2b-9d3f-0123456789ab") UUID id,
        @Default("1.5") BigDecimal price,
        @Default("urn:a:b") URI uri) {
      seen.addAll(List.of(at, wait, id, price, uri));
      return seen.size();
    }
  }

  @Test
  @DisplayName("SV-1 a default that nobody can change is the same in every call")
  void sameDefaults() throws Exception {
    WritePort<Request> visits = reach(Service.of(new Visits()));
    for (int i = 0; i < 2; i++) {
      assertThat(Request.to(visits, "visit").as(int.class)).isEqualTo(5);
    }
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
  @DisplayName("SV-1 a method's name in kebab-case is its command's")
  void kebabCase() {
    assertThat(Texts.kebabCase("get42")).isEqualTo("get-42");
    assertThat(Texts.kebabCase("plusOne")).isEqualTo("plus-one");
    assertThat(Texts.kebabCase("x2y")).isEqualTo("x-2y");
    assertThat(Texts.kebabCase("already-there")).isEqualTo("already-there");
  }

  @Test
  @DisplayName("SV-1 static and inherited methods are commands")
  void staticAndInherited() throws Exception {
    assertThat(Request.to(Service.of(Static.class), "one").as(int.class)).isEqualTo(1);
    WritePort<Request> derived = Service.of(new Derived());
    assertThat(Request.to(derived, "who").as(String.class)).isEqualTo("derived");
    assertThat(Request.to(derived, "inherited").as(String.class)).isEqualTo("derived");
  }

  interface Store<T> {
    @Command
    int put(T x);
  }

  static class Numbered<T> implements Store<T> {
    @Command
    @Override
    public int put(T x) {
      return 0;
    }
  }

  static class Lengths extends Numbered<String> {
    @Command
    @Override
    public int put(String x) {
      return x.length();
    }
  }

  @Test
  @DisplayName("SV-1 a command that is overridden with types of its own is one command")
  void overriddenGeneric() throws Exception {
    WritePort<Request> lengths = Service.of(new Lengths());
    assertThat(Request.to(lengths, "put").with("x", "four").as(int.class)).isEqualTo(4);
    assertThat(errorOf(() -> Request.to(lengths, "put").with("x", 4).done()).message())
        .isEqualTo("argument 'x' of 'put': expected String, but came the Integer 4");
    Store<Integer> store = x -> x + 1;
    assertThat(Request.to(Service.of(store), "put").with("x", 1).as(int.class)).isEqualTo(2);
  }

  static class Prices {
    @Command
    BigDecimal price(@Default("12345678901234567890.10") BigDecimal cents) {
      return cents;
    }
  }

  @Test
  @DisplayName("SV-1 a default has all its digits")
  void exactDefault() throws Exception {
    assertThat(Request.to(Service.of(new Prices()), "price").as(BigDecimal.class))
        .isEqualTo(new BigDecimal("12345678901234567890.10"));
  }

  @Test
  @DisplayName("what is said beside the arguments is that of the call that it was said for")
  void metaOfEach() throws Exception {
    Channel<Request> service = Csp.chan(2);
    Call call = Request.to(service, "x").meta("trace", 1);
    try (Answer<String> _ = call.begin(String.class);
        Answer<String> _ = call.meta("trace", 2).begin(String.class)) {
      assertThat(Objects.requireNonNull(service.take()).meta()).isEqualTo(Map.of("trace", 1));
      assertThat(Objects.requireNonNull(service.take()).meta()).isEqualTo(Map.of("trace", 2));
    }
  }

  // ---- SV-4

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
  @DisplayName("SV-4 what a service throws is the cause where the caller is local")
  void cause() {
    assertThat(
            catchThrowableOfType(
                CallException.class,
                () -> Request.to(service, "fail").with("why", "disk full").done()))
        .hasCauseInstanceOf(java.io.IOException.class);
  }

  @Test
  @DisplayName("SV-4 every error survives the way through plain data")
  void errorsAsData() {
    assertThat(Family.ALL).extracting(CallError::code).containsExactly(ErrorCode.values());
    for (CallError error : Family.ALL) {
      assertThat(CallError.fromData(new HashMap<>(error.toData()))).isEqualTo(error);
    }
  }

  // ---- SV-6

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
        .isInstanceOfSatisfying(
            CallError.DeadlineExceeded.class,
            error ->
                assertThat(error.message())
                    .startsWith("the deadline passed while 'await' was under way: "));
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
  @DisplayName("SV-4 that a service is overloaded is told also where the answer has to wait")
  void overloadedWithoutRoom() throws Exception {
    WritePort<Request> small = Service.builder(everything).limit(1).open();
    try (Answer<String> slow = Request.to(small, "await").begin(String.class)) {
      assertThat(everything.started.take()).isNotNull();
      Channel<Object> reply = Csp.chan();
      small.put(Request.of(Map.of("_cmd", "narrow", "value", 1, "_return", reply)));
      assertThat(reply.take()).asString().contains("Overloaded");
      everything.release.countDown();
      assertThat(slow.get()).isEqualTo("released");
    }
  }

  /** A port that takes nothing. */
  private static <T> WritePort<T> failing(RuntimeException failure) {
    return new OwnPort<>(
        () -> {
          throw failure;
        },
        false);
  }

  @Test
  @DisplayName("SV-1 SV-4 a reply port that fails when it is told of the limit ends no service")
  void overloadedWithFailingReply() throws Exception {
    RuntimeException failure = new IllegalStateException("no reply");
    Channel<Throwable> told = Csp.chan(Csp.unbounded());
    UncaughtHandler before = Csp.setUncaughtHandler((_, thrown) -> told.offer(thrown));
    try {
      WritePort<Request> small = Service.builder(everything).limit(1).open();
      try (Answer<String> slow = Request.to(small, "await").begin(String.class)) {
        assertThat(everything.started.take()).isNotNull();
        for (int i = 0; i < 2; i++) {
          assertThat(
                  small.put(
                      Request.of(
                          Map.of("_cmd", "narrow", "value", 1, "_return", failing(failure)))))
              .isTrue();
        }
        everything.release.countDown();
        assertThat(slow.get()).isEqualTo("released");
      }
      assertThat(told.drain(9)).containsExactly(failure, failure);
    } finally {
      Csp.setUncaughtHandler(before);
    }
  }

  /** Where whoever is told something asks at once. */
  private record Asking(WritePort<Request> service, Request next) implements WritePort<Object> {
    @Override
    public boolean put(Object value) throws InterruptedException {
      return service.put(next);
    }

    @Override
    public boolean offer(Object value) {
      try {
        return put(value);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public boolean offer(Object value, Duration timeout) throws InterruptedException {
      return put(value);
    }

    @Override
    public boolean isClosed() {
      return false;
    }
  }

  static class Streamed {
    @Command
    Stream<Integer> count() {
      return Stream.of(1);
    }

    @Command
    int one() {
      return 1;
    }
  }

  @Test
  @DisplayName("SV-1 whoever has the answer, or the end of the stream, is not beyond the limit")
  void asksAgainAtOnce() throws Exception {
    WritePort<Request> small = Service.builder(new Streamed()).limit(1).open();
    Channel<Object> reply = Csp.chan(1);
    Request one = Request.of(Map.of("_cmd", "one", "_return", reply));
    Asking asking = new Asking(small, one);
    small.put(Request.of(Map.of("_cmd", "one", "_return", asking)));
    assertThat(reply.take()).isEqualTo(Map.of("answer", 1));
    small.put(Request.of(Map.of("_cmd", "no-such", "_return", asking)));
    assertThat(reply.take()).isEqualTo(Map.of("answer", 1));
    Channel<Integer> numbers = Request.to(small, "count").as(channelOf(Integer.class));
    Pending _ = ((PutSide<?>) numbers).putSide().onClose(() -> asking.offer("the end"));
    assertThat(numbers.take()).isEqualTo(1);
    assertThat(reply.take()).isEqualTo(Map.of("answer", 1));
  }

  @Test
  @DisplayName("SV-1 a request whose answer waits for room is under way")
  void waitingAnswerCounts() throws Exception {
    WritePort<Request> small = Service.builder(new Streamed()).limit(1).open();
    Channel<Object> narrow = Csp.chan();
    small.put(Request.of(Map.of("_cmd", "one", "_return", narrow)));
    until("its answer waits", () -> narrow.waitingPutters() == 1);
    assertThat(
            catchThrowableOfType(CallException.class, () -> Request.to(small, "one").done())
                .error())
        .isInstanceOf(CallError.Overloaded.class);
    assertThat(narrow.take()).isEqualTo(Map.of("answer", 1));
  }

  static class Timed {
    @Command(timeout = "PT30S")
    int one() {
      return 1;
    }
  }

  @Test
  @DisplayName("SV-4 a request that cannot even be read is answered, and is under way no longer")
  void unreadable() throws Exception {
    WritePort<Request> timed = Service.builder(new Timed()).limit(1).open();
    CharSequence speechless =
        (CharSequence)
            Proxy.newProxyInstance(
                CharSequence.class.getClassLoader(),
                new Class<?>[] {CharSequence.class},
                (_, _, _) -> {
                  throw new IllegalStateException("no words");
                });
    Channel<Object> reply = Csp.chan(1);
    timed.put(Request.of(Map.of("_cmd", speechless, "_return", reply)));
    assertThat(CallError.fromData(((Map<?, ?>) Objects.requireNonNull(reply.take())).get("error")))
        .isInstanceOf(CallError.Failed.class);
    assertThat(Request.to(timed, "one").as(int.class)).isEqualTo(1);
    assertThat(Request.to(timed, "_stats").as(mapOf(Object.class)).toString())
        .contains("errors=1", "under-way=1"); // which is this one
  }

  @Test
  @DisplayName("SV-4 GF-3 what a port of a user's own throws when it is asked is the call's error")
  void failingService() throws Exception {
    RuntimeException failure = new IllegalStateException("no service");
    WritePort<Request> failing = failing(failure);
    CallError expected = CallError.Failed.of(failure);
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> Request.to(failing, "x").done(),
            () -> Service.client(failing, Calculator.Client.class).get42())) {
      assertThat(catchThrowableOfType(CallException.class, call).error()).isEqualTo(expected);
    }
    assertThat(
            GoFor.<String>of(
                    g -> {
                      g.ask("a", failing, "x").begin(int.class);
                      g.join();
                      return "joined";
                    })
                .onError((error, variable) -> variable + " " + error.code().id())
                .start()
                .take())
        .isEqualTo("a failed");
  }

  @Test
  @DisplayName("CH-15 a deadline that passes runs nothing of others in the thread of all timers")
  void deadlineElsewhere() throws Exception {
    Channel<Thread> hook = Csp.chan(1);
    Channel<Object> reply =
        Channel.builder()
            .buffer(Csp.dropping(1))
            .onUndelivered(_ -> hook.offer(Thread.currentThread()))
            .open();
    reply.put("there is no room for another");
    service.put(
        Request.of(
            Map.of("_cmd", "await", "_return", reply), Deadline.after(Duration.ofMillis(20))));
    assertThat(Objects.requireNonNull(hook.take()).isVirtual()).isTrue();
    everything.interrupted.await();
  }
}
