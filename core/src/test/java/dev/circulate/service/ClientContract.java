package dev.circulate.service;

import static dev.circulate.service.TypeOf.mapOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.WritePort;
import dev.circulate.service.Everything.Item;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** SV-3, SV-5 and interceptors: what a service says of itself, and who stands before it. */
public abstract class ClientContract extends ServiceContractBase {
  /** The contract of services that are reached so. */
  protected ClientContract(Reach reach) {
    super(reach);
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
  @DisplayName("SV-3 _commands answers data that a program can read")
  void docsAsData() throws Exception {
    Map<String, Object> docs = Request.to(service, "_commands").as(mapOf(Object.class));
    Map<String, Object> integer = Map.of("type", "integer", "format", "int32");
    Map<String, Object> text = Map.of("type", "string");
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
                                "name",
                                "size",
                                "type",
                                "int",
                                "schema",
                                integer,
                                "required",
                                false,
                                "default",
                                "20"),
                            Map.of(
                                "name",
                                "after",
                                "type",
                                "Optional<String>",
                                "schema",
                                Map.of("anyOf", List.of(text, Map.of("type", "null"))),
                                "required",
                                false),
                            Map.of(
                                "name",
                                "order",
                                "type",
                                "String",
                                "schema",
                                text,
                                "required",
                                false,
                                "default",
                                "up")),
                        "returns",
                        "String",
                        "result",
                        text))));
    assertThat(Service.docs(service))
        .contains("page(size: int = 20, after: Optional<String> (optional), order: String = up)");
  }

  @Test
  @DisplayName("SV-5 a service as a typed interface")
  void typedClient() {
    Calculator.Client calculator =
        Service.client(reach(Service.of(new Calculator())), Calculator.Client.class);
    assertThat(calculator.plusOne(calculator.get42())).isEqualTo(43);
    assertThat(calculator.get42(8)).isEqualTo(50);
    assertThat(List.of("x", calculator)).contains(calculator);
    assertThat(calculator.toString()).startsWith("Client of ");
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

  // ---- the check of a client

  record SameForm(String name, long count, List<String> sizes) {}

  interface Fits {
    String describe(SameForm item);

    int total(List<Item> items);

    String page(int size);

    String page();

    void subscribe(Map<String, Object> subscription);
  }

  interface FitsNot {
    String describe(int item);

    String describeAll(List<Item> items);

    int narrow(int value, int more);

    String narrow(int value);

    int total(List<Calculator> items);
  }

  @Test
  @DisplayName("SV-5 a client is checked on request, and what differs is named")
  void checked() throws Exception {
    Fits fits = Service.clientBuilder(service, Fits.class).openChecked();
    assertThat(fits.page(3)).isEqualTo("3 - up");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Service.clientBuilder(service, FitsNot.class).openChecked())
        .withMessageStartingWith("FitsNot does not fit ")
        .withMessageContaining(
            "FitsNot.describe: argument 'item': integer (int32) for object (Item)")
        .withMessageContaining("FitsNot.describeAll: there is no command 'describe-all', only ")
        .withMessageContaining(
            "FitsNot.narrow: 'narrow' takes (value: int), but is given (value, more)")
        .withMessageContaining("FitsNot.narrow: the answer: integer (int32) for string");
  }

  // ---- interceptors

  private static Interceptor noting(String name, List<String> events) {
    return (request, next) -> {
      events.add(name + " " + request.command());
      Object answer = next.proceed(request);
      events.add(name + " " + answer);
      return answer;
    };
  }

  @Test
  @DisplayName("interceptors go around every call, in order, at the service")
  void atService() throws Exception {
    List<String> events = new CopyOnWriteArrayList<>();
    WritePort<Request> noted =
        reach(
            Service.builder(new Calculator())
                .intercept(noting("one", events))
                .intercept(noting("two", events))
                .open());
    assertThat(Request.to(noted, "get-42").as(int.class)).isEqualTo(42);
    assertThat(events).containsExactly("one get-42", "two get-42", "two 42", "one 42");
    events.clear();
    assertThat(errorOf(() -> Request.to(noted, "nope").done()).code())
        .isEqualTo(ErrorCode.UNKNOWN_COMMAND);
    assertThat(Request.to(noted, "_ping").as(String.class)).isEqualTo("pong");
    assertThat(events)
        .containsExactly("one nope", "two nope", "one _ping", "two _ping", "two pong", "one pong");
  }

  @Test
  @DisplayName("interceptors go around every call, in order and in its thread, at the caller")
  void atCaller() {
    List<String> events = new ArrayList<>();
    Thread caller = Thread.currentThread();
    Calculator.Client calculator =
        Service.clientBuilder(reach(Service.of(new Calculator())), Calculator.Client.class)
            .intercept(noting("one", events))
            .intercept(
                (request, next) -> {
                  assertThat(Thread.currentThread()).isSameAs(caller);
                  return next.proceed(request);
                })
            .intercept(noting("two", events))
            .open();
    assertThat(calculator.get42(8)).isEqualTo(50);
    assertThat(events).containsExactly("one get-42", "two get-42", "two 50", "one 50");
  }

  interface Remaining {
    long remaining();
  }

  @Test
  @DisplayName("SV-6 a client's limit is the whole call's, whenever its interceptors go on")
  void limitOfCall() {
    Channel<Duration> left = Csp.chan(1);
    Remaining client =
        Service.clientBuilder(service, Remaining.class)
            .within(Duration.ofHours(1))
            .intercept(
                (request, next) -> {
                  Csp.timeout(Duration.ofMillis(100)).take();
                  left.offer(request.deadline().remaining());
                  return next.proceed(request);
                })
            .open();
    long remaining = client.remaining();
    assertThat(remaining).isLessThanOrEqualTo(Objects.requireNonNull(left.poll()).toMillis());
  }

  interface SameNames {
    void move(@Named("at") int from, @Named("at") int to);
  }

  interface Underscored {
    void move(@Named("_cmd") String to);
  }

  @Test
  @DisplayName("SV-5 what cannot be a request is refused when the client is opened")
  void notRequests() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Service.client(service, SameNames.class))
        .withMessageContaining("two of its parameters are called 'at'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Service.client(service, Underscored.class))
        .withMessageContaining("'_cmd' cannot be the name of an argument");
  }

  /** Lets in who has the token, and knows who that is. */
  static final Interceptor TOKENS =
      (request, next) -> {
        if (!"open sesame".equals(request.meta().get("token"))) {
          throw new CallException(new CallError.Unauthenticated("no token, or not the one"));
        }
        return next.proceed(request.identifiedAs("ali baba"));
      };

  static class Cave {
    @Command
    String who() {
      return Objects.toString(Origin.current().identity());
    }

    @Command
    String whoInBlock() throws InterruptedException {
      return Objects.requireNonNull(Csp.go(this::who).take());
    }
  }

  interface CaveClient {
    String who();

    String whoInBlock();
  }

  @Test
  @DisplayName("a token that a caller's interceptor adds is checked by the service's")
  void token() throws Exception {
    WritePort<Request> cave = reach(Service.builder(new Cave()).intercept(TOKENS).open());
    assertThat(errorOf(() -> Request.to(cave, "who").done()))
        .isEqualTo(new CallError.Unauthenticated("no token, or not the one"));
    assertThat(errorOf(() -> Request.to(cave, "_commands").done()).code())
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(Request.to(cave, "who").meta("token", "open sesame").as(String.class))
        .isEqualTo("ali baba");
    CaveClient client =
        Service.clientBuilder(cave, CaveClient.class)
            .intercept((request, next) -> next.proceed(request.withMeta("token", "open sesame")))
            .openChecked();
    assertThat(client.who()).isEqualTo("ali baba");
    assertThat(client.whoInBlock()).isEqualTo("ali baba");
  }

  @Test
  @DisplayName("a service behind interceptors is a service: for requests, errors and channels")
  void through() throws Exception {
    WritePort<Request> cave = reach(Service.builder(new Cave()).intercept(TOKENS).open());
    WritePort<Request> open =
        Service.through(
            cave, (request, next) -> next.proceed(request.withMeta("token", "open sesame")));
    assertThat(Request.to(open, "who").as(String.class)).isEqualTo("ali baba");
    assertThat(errorOf(() -> Request.to(open, "nope").done()).code())
        .isEqualTo(ErrorCode.UNKNOWN_COMMAND);
    Channel<String> news = Csp.chan(1);
    WritePort<Request> passing = Service.through(service);
    Request.to(passing, "to-all").with("ports", List.of(news)).done();
    assertThat(news.take()).isEqualTo("all");
    try (Answer<String> given = Request.to(passing, "await").begin(String.class)) {
      assertThat(everything.started.take()).isEqualTo("await");
      assertThat(given.isDone()).isFalse();
    }
    everything.interrupted.await();
  }

  @Test
  @DisplayName("an interceptor can go on with a request of its own, whose answer is the call's")
  void another() throws Exception {
    Interceptor asksAnother =
        (_, next) -> next.proceed(Request.of(Map.of(Request.COMMAND, "get-42", "x", 1)));
    WritePort<Request> calculator =
        reach(Service.builder(new Calculator()).intercept(asksAnother).open());
    assertThat(Request.to(calculator, "nope").as(int.class)).isEqualTo(43);
    WritePort<Request> plain = reach(Service.of(new Calculator()));
    assertThat(Request.to(Service.through(plain, asksAnother), "nope").as(int.class)).isEqualTo(43);
    assertThat(
            Service.clientBuilder(plain, Calculator.Client.class)
                .intercept(asksAnother)
                .open()
                .plusOne(7))
        .isEqualTo(43);
  }

  @Test
  @DisplayName("what an interceptor throws is the call's error")
  void throwing() {
    WritePort<Request> failing =
        reach(
            Service.builder(new Calculator())
                .intercept(
                    (_, _) -> {
                      throw new java.io.IOException("no disk");
                    })
                .open());
    assertThat(errorOf(() -> Request.to(failing, "get-42").done()))
        .isInstanceOfSatisfying(
            CallError.Failed.class,
            failed -> {
              assertThat(failed.type()).isEqualTo("java.io.IOException");
              assertThat(failed.message()).isEqualTo("no disk");
            });
    Calculator.Client calculator =
        Service.clientBuilder(service, Calculator.Client.class)
            .intercept(
                (_, _) -> {
                  throw new java.io.IOException("no wire");
                })
            .open();
    assertThat(errorOf(calculator::get42).message()).isEqualTo("no wire");
    RuntimeException thrown = new IllegalStateException("no token");
    Calculator.Client unchecked =
        Service.clientBuilder(service, Calculator.Client.class)
            .intercept(
                (_, _) -> {
                  throw thrown;
                })
            .open();
    assertThat(errorOf(unchecked::get42)).isEqualTo(CallError.Failed.of(thrown));
  }
}
