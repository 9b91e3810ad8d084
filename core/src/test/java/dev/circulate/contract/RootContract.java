package dev.circulate.contract;

import static dev.circulate.contract.Until.until;
import static dev.circulate.service.TypeOf.listOf;
import static dev.circulate.service.TypeOf.optionalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.WritePort;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.ErrorCode;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.TypeOf;
import dev.circulate.service.Visibility;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a root promises its callers, local ones and those behind a link. */
@Timeout(120)
public abstract class RootContract {
  private static final TypeOf<List<Map<String, Object>>> DETAILS = new TypeOf<>() {};

  private final Reach reach;
  private final WritePort<Request> sums = Service.of(new Sums());
  private final Root root =
      Root.named("b-root")
          .add("42", sums, Visibility.PUBLIC, "Adds.")
          .add("secret", sums, Visibility.PRIVATE);

  /** The root as its callers have it. */
  private final WritePort<Request> port;

  protected RootContract(Reach reach) {
    this.reach = reach;
    this.port = reach.to(root.port());
  }

  @AfterEach
  final void nothingIsLeftOver() {
    reach.awaitNoReplyChannels();
    reach.close();
  }

  private static CallError errorOf(ThrowingCallable call) {
    return catchThrowableOfType(CallException.class, call).error();
  }

  private static WritePort<Request> service(WritePort<Request> root, String name)
      throws InterruptedException {
    return Request.to(root, "get-service").with("service", name).as(Request.CHANNEL);
  }

  private static void assertAdds(WritePort<Request> service) throws InterruptedException {
    assertThat(Request.to(service, "plus-one").with("x", 1).as(int.class)).isEqualTo(2);
  }

  // ---- RT-1

  @Test
  @DisplayName("RT-1 list, get-service, locate-service, name, delegate")
  void commands() throws Exception {
    assertThat(Request.to(port, "list").as(listOf(String.class))).startsWith("root", "42");
    assertThat(Request.to(port, "name").as(String.class)).isEqualTo("b-root");
    assertAdds(Request.to(port, "get-service").with("service", 42).as(Request.CHANNEL));
    assertAdds(Request.to(port, "locate-service").with("service", "42").as(Request.CHANNEL));
    assertThat(Request.to(service(port, "root"), "name").as(String.class)).isEqualTo("b-root");
    assertThat(Request.to(port, "delegate").as(optionalOf(Object.class))).isEmpty();
    assertThat(Service.docs(port)).contains("get-service(service: String) returns ");
  }

  @Test
  @DisplayName("RT-1 a list with details tells of each service whether public, its doc, since when")
  void details() throws Exception {
    List<Map<String, Object>> details = Request.to(port, "list").with("details", true).as(DETAILS);
    assertThat(details.stream().map(detail -> detail.get("name")).toList())
        .isEqualTo(Request.to(port, "list").as(listOf(String.class)));
    Map<String, Object> ours = details.get(1);
    assertThat(ours.keySet()).containsExactlyInAnyOrder("name", "public", "doc", "since");
    assertThat(ours).containsEntry("public", true).containsEntry("doc", "Adds.");
    assertThat(Instant.parse(String.valueOf(ours.get("since"))))
        .isBetween(Instant.now().minusSeconds(600), Instant.now());
  }

  @Test
  @DisplayName("RT-1 handlers are added, replaced and removed at run time, and documented")
  void handlers() throws Exception {
    root.handler("shout", "Shouts.", request -> request.argument("x") + "!");
    assertThat(Request.to(port, "shout").with("x", 1).as(String.class)).isEqualTo("1!");
    assertThat(Service.docs(port)).contains("Shouts.");
    root.handler("shout", request -> request.argument("x") + "!!");
    assertThat(Request.to(port, "shout").with("x", 1).as(String.class)).isEqualTo("1!!");
    assertThat(root.removeHandler("shout")).isTrue();
    assertThat(errorOf(() -> Request.to(port, "shout").done()).code())
        .isEqualTo(ErrorCode.UNKNOWN_COMMAND);
  }

  @Test
  @DisplayName("RT-1 a handler can be a channel, whose owner answers")
  void handlerChannel() throws Exception {
    Request.to(root.port(), "add-handler").with("command", "plus-one").with("channel", sums).done();
    assertAdds(port);
  }

  @Test
  @DisplayName(
      "RT-1 errors: no such service or command, an argument that is missing, unknown or wrong")
  void errors() {
    assertThat(errorOf(() -> Request.to(port, "get-service").with("service", "nope").done()))
        .isEqualTo(new CallError.UnknownService("root 'b-root' has no service 'nope'"));
    assertThat(errorOf(() -> Request.to(port, "nonsense").done()))
        .isEqualTo(
            new CallError.UnknownCommand("root 'b-root' has no command the String \"nonsense\""));
    assertThat(errorOf(() -> Request.to(port, "get-service").done()))
        .isEqualTo(
            new CallError.InvalidArgument(
                "'get-service' needs argument 'service', but came with []"));
    assertThat(errorOf(() -> Request.to(port, "get-service").with("servce", "42").done()))
        .isEqualTo(
            new CallError.InvalidArgument(
                "'get-service' takes (service: String), but came with servce"));
    assertThat(errorOf(() -> Request.to(port, "list").with("detials", true).done()))
        .isEqualTo(
            new CallError.InvalidArgument(
                "'list' takes () or (details: boolean), but came with detials"));
    assertThat(errorOf(() -> service(port, "")).code()).isEqualTo(ErrorCode.UNKNOWN_SERVICE);
  }

  @Test
  @DisplayName("RT-1 what a root does not know goes down the chain of delegates, which answer")
  void chain() throws Exception {
    Root third = Root.named("third").handler("woof", _ -> 72).add("7", sums, Visibility.PUBLIC);
    third.add("hidden", sums, Visibility.PRIVATE);
    Root second = Root.named("second").delegate(third.port());
    root.delegate(second.port());
    // and one before them, on the callers' side
    Root first = Root.named("first").delegate(port);
    for (WritePort<Request> asked : List.of(port, first.port())) {
      assertThat(Request.to(asked, "woof").as(int.class)).isEqualTo(72);
      assertAdds(Request.to(asked, "locate-service").with("service", "7").as(Request.CHANNEL));
      assertThat(errorOf(() -> Request.to(asked, "nonsense").done()).message())
          .startsWith("root 'third' has no command");
      assertThat(
              errorOf(() -> Request.to(asked, "locate-service").with("service", "no").done())
                  .message())
          .startsWith("root 'third' has no service");
    }
    assertThat(
            Request.to(Request.to(port, "delegate").as(Request.CHANNEL), "name").as(String.class))
        .isEqualTo("second");
  }

  @Test
  @DisplayName("RT-1 delegates that form a circle answer with an error that names it")
  void circle() throws Exception {
    Root near = Root.named("near").delegate(port);
    Root middle = Root.named("middle").delegate(reach.back(near.port()));
    root.delegate(middle.port());
    for (WritePort<Request> asked : List.of(port, near.port())) {
      assertThat(errorOf(() -> Request.to(asked, "nonsense").done()))
          .isInstanceOfSatisfying(
              CallError.UnknownCommand.class,
              error ->
                  assertThat(error.message())
                      .containsPattern("circle: [\\w-]+@\\w+( to [\\w-]+@\\w+){3}$")
                      .contains("near@", "middle@", "b-root@"));
      assertThat(errorOf(() -> Request.to(asked, "locate-service").with("service", "no").done()))
          .isInstanceOf(CallError.UnknownService.class);
      assertAdds(Request.to(asked, "locate-service").with("service", "42").as(Request.CHANNEL));
    }
    root.delegate(null); // or each side would hold the other's root for ever
  }

  @Test
  @DisplayName("RT-1 a command that is answered by its own root is a circle as well")
  void handlerCircle() throws Exception {
    Request.to(root.port(), "add-handler")
        .with("command", "again")
        .with("channel", root.port())
        .done();
    assertThat(errorOf(() -> Request.to(port, "again").done()).message()).contains("circle");
  }

  @Test
  @DisplayName("RT-1 a delegate that is gone is said to be so")
  void delegateGone() {
    Channel<Request> gone = Csp.chan();
    gone.close();
    root.delegate(gone);
    assertThat(errorOf(() -> Request.to(port, "woof").done()))
        .isInstanceOfSatisfying(
            CallError.UnknownService.class,
            error -> assertThat(error.message()).endsWith(", which is closed"));
  }

  @Test
  @DisplayName("RT-1 SV-6 a caller that gives up ends what was passed on to a delegate for it")
  void passedOnAndGivenUp() throws Exception {
    Sums target = new Sums();
    root.delegate(Service.of(target));
    Channel<Object> reply = Csp.chan(1);
    port.put(Request.of(Map.of(Request.COMMAND, "hang", Request.RETURN, reply)));
    target.hanging.await();
    reply.close();
    target.interrupted.await();
  }

  @Test
  @DisplayName("RT-1 a service whose channel is closed is not there any more")
  void closedService() throws Exception {
    Channel<Request> mine = Csp.chan();
    root.add("mine", mine, Visibility.PUBLIC);
    assertThat(Request.to(port, "list").as(listOf(String.class))).contains("mine");
    mine.close();
    assertThat(Request.to(port, "list").as(listOf(String.class))).doesNotContain("mine");
    assertThat(errorOf(() -> service(port, "mine")).code()).isEqualTo(ErrorCode.UNKNOWN_SERVICE);
    root.delegate(Root.named("next").add("mine", sums, Visibility.PUBLIC).port());
    assertAdds(Request.to(port, "locate-service").with("service", "mine").as(Request.CHANNEL));
  }

  // ---- RT-2

  @Test
  @DisplayName("RT-2 who is not local can change nothing, whatever its message says of itself")
  void localOnly() throws Exception {
    Root front = Root.named("front").delegate(root.port()); // the request may come by a delegate
    WritePort<Request> detour = reach.to(front.port());
    for (String command :
        List.of("add", "remove", "add-handler", "remove-handler", "set-delegate")) {
      for (WritePort<Request> asked : List.of(port, detour)) {
        Channel<Object> reply = Csp.chan(1);
        Map<String, Object> message = new HashMap<>(argumentsFor(command));
        message.put("_cmd", command);
        message.put("_return", reply);
        message.put("_local", true);
        message.put("_origin", "local");
        if (!reach.isLocal()) { // who may change it is told that there are no such arguments
          message.put("local", true);
          message.put("origin", "local");
          message.put("metadata", Map.of("local", true));
        }
        asked.put(Request.of(message));
        Map<?, ?> answer = (Map<?, ?>) Objects.requireNonNull(reply.take());
        if (reach.isLocal()) {
          assertThat(answer.get("answer")).as(command).isInstanceOf(Boolean.class);
        } else {
          assertThat(CallError.fromData(answer.get("error")))
              .as(command)
              .isInstanceOf(CallError.Refused.class);
        }
        reply.close();
      }
    }
    if (!reach.isLocal()) {
      assertThat(root.delegate()).isNull();
      assertThat(Request.to(root.port(), "list").as(listOf(String.class)))
          .containsExactly("root", "42", "secret");
    }
  }

  private static Map<String, Object> argumentsFor(String command) {
    return switch (command) {
      case "add" -> Map.of("service", "new", "channel", Csp.<Request>chan());
      case "remove" -> Map.of("service", "new");
      case "add-handler" -> Map.of("command", "inc", "channel", Csp.<Request>chan());
      case "remove-handler" -> Map.of("command", "inc");
      default -> Map.of("channel", Csp.<Request>chan());
    };
  }

  // ---- RT-3

  @Test
  @DisplayName("RT-3 a private service is, for who is not local, not there in any way")
  void privateServices() throws Exception {
    Root front = Root.named("front").delegate(root.port());
    WritePort<Request> detour = reach.to(front.port());
    if (reach.isLocal()) {
      assertAdds(service(port, "secret"));
      assertAdds(
          Request.to(detour, "locate-service").with("service", "secret").as(Request.CHANNEL));
      return;
    }
    assertThat(Request.to(port, "list").as(listOf(String.class))).containsExactly("root", "42");
    assertThat(Request.to(port, "list").with("details", true).as(DETAILS)).hasSize(2);
    assertThat(Service.docs(port)).doesNotContain("secret");
    for (WritePort<Request> asked : List.of(port, detour)) {
      CallError hidden =
          errorOf(() -> Request.to(asked, "locate-service").with("service", "secret").done());
      CallError absent =
          errorOf(() -> Request.to(asked, "locate-service").with("service", "absent").done());
      assertThat(hidden.toString().replace("secret", "absent")).isEqualTo(absent.toString());
    }
    CallError hidden = errorOf(() -> service(port, "secret"));
    CallError absent = errorOf(() -> service(port, "absent"));
    assertThat(hidden.toString().replace("secret", "absent")).isEqualTo(absent.toString());
  }

  // ---- RT-4

  @Test
  @DisplayName("RT-4 a replaced or removed service is told so, once, and not when it stays")
  void told() throws Exception {
    Channel<Request> mine = Csp.chan(2);
    WritePort<Request> there = reach.back(mine.writePort());
    root.add("mine", there, Visibility.PUBLIC);
    root.add("mine", there, Visibility.PUBLIC);
    root.add("mine", sums, Visibility.PUBLIC);
    root.add("mine", there, Visibility.PUBLIC);
    assertThat(root.remove("mine")).isTrue();
    assertThat(root.remove("mine")).isFalse();
    for (int i = 0; i < 2; i++) {
      Request word = Objects.requireNonNull(mine.take());
      assertThat(word.command()).isEqualTo("removed-from-root");
      assertThat(word.arguments()).isEqualTo(Map.of("root", "b-root", "service", "mine"));
    }
    assertThat(mine.poll()).isNull();
  }

  @Test
  @DisplayName("RT-4 a service that is busy is told when it takes again")
  void toldLater() throws Exception {
    Channel<Request> busy = Csp.chan(); // nobody takes now
    WritePort<Request> there = reach.back(busy.writePort());
    root.add("busy", there, Visibility.PUBLIC);
    root.remove("busy");
    until("the word waits", () -> busy.waitingPutters() == 1);
    assertThat(Objects.requireNonNull(busy.take()).command()).isEqualTo("removed-from-root");
  }

  // ---- under load

  @Test
  @DisplayName(
      "RT-1 RT-4 services, handlers, delegates replaced under load: each request is answered")
  void replacedUnderLoad() throws Exception {
    new RootUnderLoad(root, port).replaceAndAsk();
  }

  @Test
  @DisplayName("RT-2 where a request came from survives a chain of delegates")
  void originSurvives() throws Exception {
    root.delegate(Root.named("next").handler("who", request -> request.origin().isLocal()).port());
    assertThat(Request.to(port, "who").as(boolean.class)).isEqualTo(reach.isLocal());
  }
}
