package dev.circulate.contract;

import static dev.circulate.service.TypeOf.channelOf;
import static dev.circulate.service.TypeOf.listOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.circulate.Channel;
import dev.circulate.WritePort;
import dev.circulate.service.Answer;
import dev.circulate.service.Call;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Command;
import dev.circulate.service.ErrorCode;
import dev.circulate.service.Interceptor;
import dev.circulate.service.Origin;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.Visibility;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a root with interceptors promises its callers, local ones and those behind a link. */
@Timeout(120)
public abstract class InterceptedRootContract {
  /** A service that says who asks, answers a stream, and can be waited for. */
  static final class Cave {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch interrupted = new CountDownLatch(1);

    @Command
    @Nullable String who() {
      return Origin.current().identity();
    }

    @Command
    Stream<Integer> steps() {
      return Stream.of(1, 2, 3);
    }

    @Command
    String hold() throws InterruptedException {
      begun.countDown();
      try {
        new CountDownLatch(1).await();
        return "never";
      } catch (InterruptedException e) {
        interrupted.countDown();
        throw e;
      }
    }
  }

  private final List<String> events = new CopyOnWriteArrayList<>();
  private final Cave cave = new Cave();
  private final WritePort<Request> own = Service.of(cave);
  private final Root root =
      Root.builder("b-root")
          .intercept(noting("one"))
          .intercept(tokens())
          .intercept(noting("two"))
          .open()
          .handler("shout", request -> request.argument("x") + "!")
          .add("cave", own, Visibility.PUBLIC)
          .add("secret", own, Visibility.PRIVATE);

  private final Reach reach;

  /** The root as its callers have it. */
  private final WritePort<Request> port;

  protected InterceptedRootContract(Reach reach) {
    this.reach = reach;
    this.port = reach.to(root.port());
  }

  @AfterEach
  final void nothingIsLeftOver() {
    reach.awaitNoReplyChannels();
    reach.close();
  }

  private Interceptor noting(String name) {
    return (request, next) -> {
      events.add(name + " " + request.command());
      Object answer = next.proceed(request);
      events.add(name + " " + (answer instanceof WritePort<?> ? "a channel" : answer));
      return answer;
    };
  }

  /** Lets in who has the token, and knows who that is. */
  private static Interceptor tokens() {
    return (request, next) -> {
      if (!"open sesame".equals(request.meta().get("token"))) {
        throw new CallException(new CallError.Unauthenticated("no token, or not the one"));
      }
      return next.proceed(request.identifiedAs("ali baba"));
    };
  }

  /** With the token, as a caller's interceptor adds it. */
  private WritePort<Request> trusted(WritePort<Request> service) {
    return Service.through(
        service, (request, next) -> next.proceed(request.withMeta("token", "open sesame")));
  }

  private WritePort<Request> cave() throws InterruptedException {
    return Request.to(trusted(port), "get-service").with("service", "cave").as(Request.CHANNEL);
  }

  private static CallError errorOf(ThrowingCallable call) {
    return catchThrowableOfType(CallException.class, call).error();
  }

  @Test
  @DisplayName("RT-1 a root's interceptors go around its commands and its handlers, in order")
  void own() throws Exception {
    assertThat(Request.to(trusted(port), "shout").with("x", 1).as(String.class)).isEqualTo("1!");
    assertThat(events).containsExactly("one shout", "two shout", "two 1!", "one 1!");
    events.clear();
    assertThat(Request.to(trusted(port), "list").as(listOf(String.class))).contains("cave");
    assertThat(events).hasSize(4).startsWith("one list", "two list");
    events.clear();
    assertThat(errorOf(() -> Request.to(port, "shout").done()))
        .isEqualTo(new CallError.Unauthenticated("no token, or not the one"));
    assertThat(errorOf(() -> Request.to(port, "_commands").done()).code())
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(events).containsExactly("one shout", "one _commands");
  }

  @Test
  @DisplayName("SV-1 they go around what its services are asked, which see who the caller is")
  void services() throws Exception {
    WritePort<Request> found = cave();
    events.clear();
    assertThat(Request.to(trusted(found), "who").as(String.class)).isEqualTo("ali baba");
    assertThat(events).containsExactly("one who", "two who", "two ali baba", "one ali baba");
    assertThat(errorOf(() -> Request.to(found, "who").done()).code())
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
    WritePort<Request> located =
        Request.to(trusted(port), "locate-service").with("service", "cave").as(Request.CHANNEL);
    assertThat(errorOf(() -> Request.to(located, "who").done()).code())
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(errorOf(() -> Request.to(trusted(found), "nope").done()).code())
        .isEqualTo(ErrorCode.UNKNOWN_COMMAND);
  }

  @Test
  @DisplayName("RT-3 a private service is there behind them for local callers, and for no others")
  void privately() throws Exception {
    Call asked = Request.to(trusted(port), "get-service").with("service", "secret");
    if (reach.isLocal()) {
      WritePort<Request> found = asked.as(Request.CHANNEL);
      assertThat(Request.to(trusted(found), "who").as(String.class)).isEqualTo("ali baba");
    } else {
      assertThat(errorOf(asked::done)).isInstanceOf(CallError.UnknownService.class);
    }
  }

  @Test
  @DisplayName("SV-6 a stream comes through them, and so does a caller that gives up")
  void streamsAndCancels() throws Exception {
    WritePort<Request> asked = trusted(cave());
    Channel<Integer> steps = Request.to(asked, "steps").as(channelOf(Integer.class));
    assertThat(steps.stream()).containsExactly(1, 2, 3);
    try (Answer<String> given = Request.to(asked, "hold").begin(String.class)) {
      cave.begun.await();
      assertThat(given.isDone()).isFalse();
    }
    cave.interrupted.await();
  }

  @Test
  @DisplayName("RT-1 they see the answer of a delegate, and that of a handler's channel")
  void passedOn() throws Exception {
    root.delegate(Root.named("second").handler("woof", _ -> 72).port());
    assertThat(Request.to(trusted(port), "woof").as(int.class)).isEqualTo(72);
    assertThat(events).containsExactly("one woof", "two woof", "two 72", "one 72");
    events.clear();
    assertThat(errorOf(() -> Request.to(trusted(port), "nonsense").done()).message())
        .startsWith("root 'second' has no command");
    assertThat(events).containsExactly("one nonsense", "two nonsense");
  }

  @Test
  @DisplayName("RT-1 they can go on with a request of their own, which a delegate may answer")
  void another() throws Exception {
    for (String command : List.of("name", "woof")) {
      Root asking =
          Root.builder("asking")
              .intercept((_, next) -> next.proceed(Request.of(Map.of(Request.COMMAND, command))))
              .open()
              .delegate(Root.named("second").handler("woof", _ -> "woof").port());
      assertThat(Request.to(reach.to(asking.port()), "no-such").as(String.class))
          .isEqualTo(command.equals("name") ? "asking" : "woof");
    }
  }

  @Test
  @DisplayName("RT-4 a service that is closed is not there, and its channel from the root says so")
  void closed() throws Exception {
    Channel<Request> requests = dev.circulate.Csp.chan();
    root.add("short", requests, Visibility.PUBLIC);
    WritePort<Request> found =
        Request.to(trusted(port), "get-service").with("service", "short").as(Request.CHANNEL);
    requests.close();
    assertThat(Request.to(trusted(port), "list").as(listOf(String.class))).doesNotContain("short");
    assertThat(errorOf(() -> Request.to(trusted(found), "who").done()).code())
        .isEqualTo(ErrorCode.UNKNOWN_SERVICE);
  }
}
