package dev.circulate.service;

import static dev.circulate.service.TypeOf.listOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.GoFor;
import dev.circulate.WritePort;
import dev.circulate.contract.Until;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each program and claim of the article that needs no network, beside the line it comes from. */
@Timeout(60)
class ArticleTest {
  private final WritePort<Request> service = Service.of(new Calculator());

  @Test
  @DisplayName("SV-1 GF-1 the article's service in a gofor answers [42, 43]")
  void service() throws Exception {
    // (dc/gofor
    //  :let [service (dc/build-service)]
    //  [x (get-42 service)]
    //  [y (plus-one service {:x x})]
    //  (reset! atom-42 [x y])
    //  :error (reset! atom-42 &err))
    Channel<List<Integer>> result =
        GoFor.of(
                g -> {
                  int x = g.ask("x", service, "get-42").as(int.class);
                  int y = g.ask("y", service, "plus-one").with("x", x).as(int.class);
                  return List.of(x, y);
                })
            .start();
    assertThat(result.take()).containsExactly(42, 43);
    assertThat(result.take()).isNull();
  }

  @Test
  @DisplayName("SV-1 two overloads of get-42 are told apart by the names of their arguments")
  void overloads() throws Exception {
    // ([] 42)
    // ([x :- sc/Num] (+ x 42)))
    assertThat(Request.to(service, "get-42").as(int.class)).isEqualTo(42);
    assertThat(Request.to(service, "get-42").with("x", 8).as(int.class)).isEqualTo(50);
  }

  @Test
  @DisplayName("SV-3 _commands answers names, types and doc text")
  void commands() throws Exception {
    // [docs (_commands service)]
    // {get-42 Inputs: ([] [x :- sc/Num]) Returns: sc/Num Hello,
    //  plus-one Inputs: [x :- sc/Num] Returns: sc/Num}
    assertThat(Service.docs(service))
        .isEqualTo(
            """
            get-42() returns int
            get-42(x: int) returns int
                Answers 42, or x + 42.
            plus-one(x: int) returns int
            """);
  }

  @Test
  @DisplayName("RT-1 a root lists, gives and adds services")
  void root() throws Exception {
    // (dc/gofor
    //  :let [b 44]
    //  [root (get-service my-root {:service 'root})]
    //  [added (add root {:service 'wombat2 :channel (chan) :public true})]
    //  [b (list root)]
    //  :let [a (+ 1 1)]
    //  (reset! my-atom b)
    //  :error (reset! my-atom (str "Got an error " &err " for frogs " &var)))
    WritePort<Request> myRoot = Root.named("my-root").port();
    Channel<List<String>> names =
        GoFor.of(
                g -> {
                  WritePort<Request> root =
                      g.ask("root", myRoot, "get-service")
                          .with("service", "root")
                          .as(Request.CHANNEL);
                  g.ask("added", root, "add")
                      .with("service", "wombat2")
                      .with("channel", Csp.chan())
                      .with("public", true)
                      .done();
                  return g.ask("b", root, "list").as(listOf(String.class));
                })
            .onError((error, variable) -> List.of("Got " + error + " for frogs " + variable))
            .start();
    assertThat(names.take()).containsExactly("root", "wombat2");
  }

  @Test
  @DisplayName("GF-1 all together now: the article's last program, with its parallel step")
  void allTogetherNow() throws Exception {
    // [_ (add b-root {:service '42 :public true :channel service-for-b})]
    // [_ (inc b-root-proxy)]
    // [answer (get b-root-proxy)
    //  service-list (list b-root-proxy)
    //  service-42 (get-service b-root-proxy {:service '42})]
    // [answer2 (get-42 service-42)]
    // (reset! res [answer (into #{} service-list) answer2])
    AtomicInteger counter = new AtomicInteger();
    WritePort<Request> root =
        Root.named("b-root")
            .handler("inc", _ -> counter.incrementAndGet())
            .handler("get", _ -> counter.get())
            .port();
    Channel<List<Object>> result =
        GoFor.<List<Object>>of(
                g -> {
                  g.ask("added", root, "add")
                      .with("service", "42")
                      .with("public", true)
                      .with("channel", service)
                      .done();
                  g.ask("incremented", root, "inc").done();
                  var answer = g.ask("answer", root, "get").begin(int.class);
                  var services = g.ask("services", root, "list").begin(listOf(String.class));
                  var found =
                      g.ask("service", root, "get-service")
                          .with("service", "42")
                          .begin(Request.CHANNEL);
                  g.join(Duration.ofSeconds(45));
                  int answer2 = g.ask("answer2", found.get(), "get-42").as(int.class);
                  return List.of(answer.get(), Set.copyOf(services.get()), answer2);
                })
            .start();
    assertThat(result.take()).containsExactly(1, Set.of("root", "42"), 42);
  }

  @Test
  @DisplayName("GF-2 a step waits 30 seconds unless it is told otherwise")
  void defaultLimit() throws Exception {
    // Because the timeout mechanism is automatic (defaulting to 30 seconds), if a distributed
    // system is unavailable, the macro will timeout.
    assertThat(Call.DEFAULT_LIMIT).isEqualTo(Duration.ofSeconds(30));
    Duration limit = Duration.ofMillis(20);
    Channel<String> result =
        GoFor.of(g -> g.ask("x", Csp.chan(), "get-42").within(limit).as(String.class))
            .onError((error, variable) -> variable + " " + error.code().id())
            .start();
    assertThat(result.take()).isEqualTo("x timeout");
  }

  @Test
  @DisplayName("GF-3 the error arm gets the error and the variable's name")
  void errorArm() throws Exception {
    // :error (reset! my-atom (str "Got an error " &err " for frogs " &var))
    Channel<String> result =
        GoFor.of(
                g -> {
                  g.ask("x", service, "get-42").done();
                  return g.ask("frogs", service, "no-such").as(String.class);
                })
            .onError((error, variable) -> variable + ": " + error.message())
            .start();
    assertThat(result.take())
        .isEqualTo("frogs: service Calculator has no command 'no-such', only get-42, plus-one");
  }

  @Test
  @DisplayName("GF-5 the reply channel is closed when its step ends")
  void replyChannelClosed() throws Exception {
    // Also, the temporary answer channel is closed
    Channel<Request> channel = Csp.chan();
    Channel<Integer> result = GoFor.of(g -> g.ask("x", channel, "get").as(int.class)).start();
    Request request = Objects.requireNonNull(channel.take());
    WritePort<Object> reply = Objects.requireNonNull(request.replyTo());
    assertThat(reply.isClosed()).isFalse();
    assertThat(reply.put(Map.of("answer", 7))).isTrue();
    assertThat(result.take()).isEqualTo(7);
    Until.until("the reply channel is closed", reply::isClosed);
  }
}
