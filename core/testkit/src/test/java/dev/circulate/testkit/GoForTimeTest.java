package dev.circulate.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.GoFor;
import dev.circulate.WritePort;
import dev.circulate.service.Request;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How long the steps of a GoFor wait, to the nanosecond. */
class GoForTimeTest {
  private static final Duration USUAL = Duration.ofSeconds(30);
  private static final Duration LESS = Duration.ofSeconds(7);
  private static final Duration MORE = Duration.ofSeconds(45);

  /** Takes every request and answers none. */
  private static final Channel<Request> SILENT = Csp.chan(1000);

  /** A port of the program's own, at which nobody takes. */
  private record Deaf(Channel<Request> channel) implements WritePort<Request> {
    private Deaf() {
      this(Csp.chan());
    }

    @Override
    public boolean put(Request request) throws InterruptedException {
      return channel.put(request);
    }

    @Override
    public boolean offer(Request request) {
      return channel.offer(request);
    }

    @Override
    public boolean offer(Request request, Duration timeout) throws InterruptedException {
      return channel.offer(request, timeout);
    }

    @Override
    public boolean isClosed() {
      return channel.isClosed();
    }
  }

  private static Arguments steps(String what, Duration limit, String late, GoFor.Body<?> body) {
    return Arguments.of(what, limit, late, body);
  }

  private static GoFor.Ask asked(GoFor.Steps g, String variable) {
    return g.ask(variable, SILENT, "get");
  }

  private static Integer silence() throws InterruptedException {
    Integer never = Csp.<Integer>chan().take();
    return never == null ? 0 : never;
  }

  static Stream<Arguments> bodies() {
    return Stream.of(
        steps("a request", USUAL, "a", g -> asked(g, "a").as(int.class)),
        steps("a request with a limit", LESS, "a", g -> asked(g, "a").within(LESS).as(int.class)),
        steps("a request with more", MORE, "a", g -> asked(g, "a").within(MORE).as(int.class)),
        steps("code", USUAL, "a", g -> g.call("a", GoForTimeTest::silence)),
        steps("code with a limit", LESS, "a", g -> g.call("a", LESS, GoForTimeTest::silence)),
        steps(
            "code without an answer",
            USUAL,
            "a",
            g -> {
              g.run("a", () -> silence());
              return null;
            }),
        steps(
            "code without an answer, and with a limit",
            LESS,
            "a",
            g -> {
              g.run("a", LESS, () -> silence());
              return null;
            }),
        steps(
            "a parallel step",
            USUAL,
            "a, b",
            g -> {
              asked(g, "a").begin(int.class);
              g.begin("b", GoForTimeTest::silence);
              g.join();
              return null;
            }),
        steps(
            "a parallel step, one of which has more: it waits for all of them",
            MORE,
            "a, b, c",
            g -> {
              asked(g, "a").begin(int.class);
              asked(g, "b").within(MORE).begin(int.class);
              g.begin("c", GoForTimeTest::silence);
              g.join();
              return null;
            }),
        steps(
            "a parallel step, one of which has less",
            LESS,
            "b",
            g -> {
              asked(g, "a").begin(int.class);
              asked(g, "b").within(LESS).begin(int.class);
              g.join();
              return null;
            }),
        steps(
            "a parallel step, whose code has less",
            LESS,
            "b",
            g -> {
              asked(g, "a").begin(int.class);
              g.begin("b", LESS, GoForTimeTest::silence);
              g.join();
              return null;
            }),
        steps(
            "a parallel step with a limit",
            LESS,
            "a, b",
            g -> {
              asked(g, "a").begin(int.class);
              asked(g, "b").within(MORE).begin(int.class);
              g.join(LESS);
              return null;
            }),
        steps(
            "a parallel step, of which two requests are not even accepted",
            USUAL,
            "a, b, c",
            g -> {
              g.ask("a", new Deaf(), "get").begin(int.class);
              g.ask("b", new Deaf(), "get").begin(int.class);
              asked(g, "c").begin(int.class);
              g.join();
              return null;
            }),
        steps(
            "a request that is not even accepted",
            LESS,
            "a",
            g -> g.ask("a", new Deaf(), "get").within(LESS).as(int.class)),
        steps("a variable", USUAL, "a", g -> asked(g, "a").begin(int.class).get()),
        steps("a variable of code", USUAL, "a", g -> g.begin("a", GoForTimeTest::silence).get()),
        steps(
            "a variable with a limit",
            LESS,
            "a",
            g -> asked(g, "a").within(LESS).begin(int.class).get()));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("bodies")
  @DisplayName("GF-2 a step has 30 s unless told otherwise, and leaves nothing behind after it")
  void limits(String what, Duration limit, String late, GoFor.Body<Object> body) throws Exception {
    try (TestTime time = TestTime.install()) {
      Channel<Object> result =
          GoFor.of(body).onError((error, variable) -> variable + " " + error.code().id()).start();
      time.advance(limit.minusNanos(1));
      assertThat(result.isClosed()).as(what).isFalse();
      time.advance(Duration.ofNanos(1));
      assertThat(result.take()).as(what).isEqualTo(late + " timeout");
      for (Request request : SILENT.drain(1000)) {
        assertThat(request.replyTo()).matches(reply -> reply != null && reply.isClosed(), "closed");
      }
      time.assertNothingLeftOver();
    }
  }
}
