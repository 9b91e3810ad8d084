package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.service.TypeOf.listOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.GoFor;
import dev.circulate.WritePort;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Command;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.Visibility;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The article's programs that cross address spaces, beside the lines that they come from. */
class ArticleDistributedTest {
  static class Calculator {
    @Command(doc = "Hello")
    int get42() {
      return 42;
    }

    @Command
    int get42(int x) {
      return x + 42;
    }

    @Command
    int fail() {
      throw new IllegalStateException("out of numbers");
    }
  }

  record Result(int answer, Set<String> services, int get42) {}

  private final AtomicInteger counter = new AtomicInteger();
  private final TwoSpaces spaces = new TwoSpaces();

  @AfterEach
  void close() {
    spaces.close();
  }

  private static Root fill(Root root, AtomicInteger counter) {
    return root.handler("inc", _ -> counter.incrementAndGet())
        .handler("get", _ -> counter.get())
        .add("42", Service.of(new Calculator()), Visibility.PUBLIC);
  }

  /**
   * {@code [answer (get b-root-proxy) service-list (list b-root-proxy) …] [answer2 (get-42 …)]}.
   */
  static Result allTogetherNow(WritePort<Request> bRoot) throws InterruptedException {
    return Objects.requireNonNull(
        GoFor.of(
                g -> {
                  g.ask("_", bRoot, "inc").done();
                  var answer = g.ask("answer", bRoot, "get").begin(int.class);
                  var services = g.ask("service-list", bRoot, "list").begin(listOf(String.class));
                  var found =
                      g.ask("service-42", bRoot, "get-service")
                          .with("service", "42")
                          .begin(Request.CHANNEL);
                  g.join(Duration.ofSeconds(45));
                  int answer2 = g.ask("answer2", found.get(), "get-42").as(int.class);
                  return new Result(answer.get(), Set.copyOf(services.get()), answer2);
                })
            .onError(
                (error, variable) -> {
                  throw new AssertionError(variable + ": " + error.message());
                })
            .start()
            .take());
  }

  @Test
  @DisplayName("the article's last program runs between two address spaces, and leaves nothing")
  void allTogetherNow() throws InterruptedException {
    fill(spaces.bRoot, counter);
    assertThat(allTogetherNow(spaces.bRootProxy()))
        .isEqualTo(new Result(1, Set.of("root", "42"), 42));
    System.gc();
    Await.until(
        "collection of the service's proxy",
        () -> {
          System.gc();
          return spaces.b.held().equals(new Peer.Held(0, 0))
              && spaces.a.held().equals(new Peer.Held(0, 0));
        },
        () -> spaces.a.held() + " " + spaces.b.held());
  }

  @Test
  @DisplayName("buildTransport(root, source, sink): a pair of string channels is all it takes")
  void stringChannels() throws InterruptedException {
    Channel<String> toB = chan(4);
    Channel<String> toA = chan(4);
    Root bRoot = fill(Root.named("b-root"), counter);
    try (Peer a = Peer.buildTransport(bRoot.port(), toB, toA);
        Peer b = Peer.buildTransport(Root.named("a-root").port(), toA, toB)) {
      assertThat(allTogetherNow(b.root()).get42()).isEqualTo(42);
      assertThat(a.lost()).isNull();
    }
  }

  @Test
  @DisplayName(
      "RT-2 add and remove are refused to a remote peer, whatever the message says of itself")
  void localOnly() throws InterruptedException {
    fill(spaces.bRoot, counter);
    for (String command : List.of("add", "remove", "add-handler", "remove-handler")) {
      Channel<Object> reply = chan(1);
      Map<String, Object> message = new HashMap<>();
      message.put("_cmd", command);
      message.put("_return", reply);
      message.put("service", "42");
      message.put("command", "inc");
      message.put("channel", Service.of(new Calculator()));
      message.put("public", true);
      message.put("local", true);
      message.put("_local", true);
      message.put("_origin", "local");
      message.put("metadata", Map.of("local", true));
      assertThat(spaces.bRootProxy().put(Request.of(message))).isTrue();
      assertThat(reply.take())
          .as(command)
          .isInstanceOfSatisfying(
              Map.class,
              answer ->
                  assertThat(CallError.fromData(answer.get("error")))
                      .isInstanceOf(CallError.Refused.class));
    }
    assertThat(allTogetherNow(spaces.bRootProxy()).services())
        .containsExactlyInAnyOrder("root", "42");
  }

  @Test
  @DisplayName("RT-3 a service that is not public is not there for a remote peer")
  void privateService() throws InterruptedException {
    fill(spaces.bRoot, counter).add("secret", Service.of(new Calculator()), Visibility.PRIVATE);
    assertThat(Request.to(spaces.bRootProxy(), "list").as(listOf(String.class)))
        .containsExactlyInAnyOrder("root", "42");
    for (String command : List.of("get-service", "locate-service")) {
      assertThatThrownBy(
              () ->
                  Request.to(spaces.bRootProxy(), command)
                      .with("service", "secret")
                      .as(Request.CHANNEL))
          .as(command)
          .isInstanceOfSatisfying(
              CallException.class,
              e -> assertThat(e.error()).isInstanceOf(CallError.UnknownService.class));
    }
  }

  @Test
  @DisplayName("SV-4 an error of the service arrives with its type and message")
  void failure() throws InterruptedException {
    fill(spaces.bRoot, counter);
    WritePort<Request> service =
        Request.to(spaces.bRootProxy(), "get-service").with("service", "42").as(Request.CHANNEL);
    assertThatThrownBy(() -> Request.to(service, "fail").done())
        .isInstanceOfSatisfying(
            CallException.class,
            e -> {
              assertThat(e.error()).isInstanceOf(CallError.Failed.class);
              assertThat(e.error().message()).contains("out of numbers");
            });
    assertThatThrownBy(() -> Request.to(service, "get-43").done())
        .isInstanceOfSatisfying(
            CallException.class,
            e -> assertThat(e.error()).isInstanceOf(CallError.UnknownCommand.class));
  }

  @Test
  @DisplayName("DI-6 a thousand calls leave both tables as they were")
  void tables() throws InterruptedException {
    fill(spaces.bRoot, counter);
    for (int i = 1; i <= 1000; i++) {
      assertThat(Request.to(spaces.bRootProxy(), "inc").as(int.class)).isEqualTo(i);
    }
    spaces.awaitEmptyTables();
  }
}
