package dev.circulate.service;

import static dev.circulate.service.TypeOf.listOf;
import static dev.circulate.service.TypeOf.optionalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.Deadline;
import dev.circulate.WritePort;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RootTest {
  private static final Origin.Remote STRANGER = new Origin.Remote("stranger", null);

  private final WritePort<Request> calculator = Service.of(new Calculator());
  private final Root root =
      Root.named("b-root")
          .add("42", calculator, Visibility.PUBLIC)
          .add("secret", calculator, Visibility.PRIVATE);

  /** What a root answers to a remote caller's message. */
  private static Map<?, ?> remotely(Root root, Map<String, ?> message) throws Exception {
    Channel<Object> reply = Csp.chan(1);
    Map<String, Object> whole = new HashMap<>(message);
    whole.put("_return", reply);
    root.port().put(Request.received(whole, STRANGER, Deadline.none()));
    return (Map<?, ?>) Objects.requireNonNull(reply.take());
  }

  private static ErrorCode remoteError(Root root, Map<String, ?> message) throws Exception {
    @Nullable Object error = remotely(root, message).get("error");
    return CallError.fromData(error).code();
  }

  private static CallError errorOf(ThrowingCallable call) {
    return catchThrowableOfType(CallException.class, call).error();
  }

  @Test
  @DisplayName("RT-1 list, get-service, locate-service, name")
  void commands() throws Exception {
    assertThat(Request.to(root.port(), "list").as(listOf(String.class)))
        .containsExactly("root", "42", "secret");
    assertThat(Request.to(root.port(), "name").as(String.class)).isEqualTo("b-root");
    assertThat(Request.to(root.port(), "get-service").with("service", 42).as(Request.CHANNEL))
        .isEqualTo(calculator);
    assertThat(Request.to(root.port(), "locate-service").with("service", "42").as(Request.CHANNEL))
        .isEqualTo(calculator);
    assertThat(Request.to(root.port(), "get-service").with("service", "root").as(Request.CHANNEL))
        .isSameAs(root.port());
    assertThat(Request.to(root.port(), "delegate").as(optionalOf(Object.class))).isEmpty();
    assertThat(Request.to(root.port(), "list").with("details", true).as(listOf(Map.class)))
        .extracting(detail -> detail.get("name"))
        .containsExactly("42", "secret");
    assertThat(Service.docs(root.port())).contains("get-service(service: String) returns ");
  }

  @Test
  @DisplayName(
      "RT-1 errors: no such service, no such command, an argument that is missing or wrong")
  void errors() {
    assertThat(errorOf(() -> Request.to(root.port(), "get-service").with("service", "nope").done()))
        .isEqualTo(new CallError.UnknownService("root 'b-root' has no service 'nope'"));
    assertThat(errorOf(() -> Request.to(root.port(), "nonsense").done()))
        .isEqualTo(
            new CallError.UnknownCommand("root 'b-root' has no command the String \"nonsense\""));
    assertThat(errorOf(() -> Request.to(root.port(), "get-service").done()))
        .isEqualTo(
            new CallError.InvalidArgument(
                "'get-service' needs argument 'service', but came with []"));
    assertThat(
            errorOf(
                () ->
                    Request.to(root.port(), "add")
                        .with("service", "x")
                        .with("channel", "y")
                        .done()))
        .isInstanceOf(CallError.InvalidArgument.class);
    assertThat(
            errorOf(
                () ->
                    Request.to(root.port(), "add")
                        .with("service", "root")
                        .with("channel", Csp.chan())
                        .done()))
        .isEqualTo(new CallError.InvalidArgument("a service cannot be called 'root'"));
  }

  @Test
  @DisplayName("RT-1 what a root does not know goes down the chain of delegates, which answer")
  void delegates() throws Exception {
    Root far = Root.named("far").handler("woof", _ -> 72).add("7", calculator, Visibility.PUBLIC);
    far.add("hidden", calculator, Visibility.PRIVATE);
    Root middle = Root.named("middle").delegate(far.port());
    root.delegate(middle.port());
    assertThat(Request.to(root.port(), "woof").as(int.class)).isEqualTo(72);
    assertThat(Request.to(root.port(), "locate-service").with("service", "7").as(Request.CHANNEL))
        .isEqualTo(calculator);
    assertThat(errorOf(() -> Request.to(root.port(), "nonsense").done()).message())
        .startsWith("root 'far' has no command");
    assertThat(Request.to(root.port(), "delegate").as(Request.CHANNEL)).isSameAs(middle.port());
    assertThat(remotely(root, Map.of("_cmd", "woof"))).isEqualTo(Map.of("answer", 72));
    assertThat(remoteError(root, Map.of("_cmd", "locate-service", "service", "hidden")))
        .isEqualTo(ErrorCode.UNKNOWN_SERVICE);
    assertThatIllegalArgumentException().isThrownBy(() -> root.delegate(root.port()));
  }

  @Test
  @DisplayName("RT-1 handlers are added and removed at run time")
  void handlers() throws Exception {
    root.handler("inc", request -> Objects.requireNonNull(request.argument("x")) + "!");
    assertThat(Request.to(root.port(), "inc").with("x", 1).as(String.class)).isEqualTo("1!");
    Request.to(root.port(), "remove-handler").with("command", "inc").done();
    assertThat(errorOf(() -> Request.to(root.port(), "inc").done()).code())
        .isEqualTo(ErrorCode.UNKNOWN_COMMAND);
    Request.to(root.port(), "add-handler")
        .with("command", "plus-one")
        .with("channel", calculator)
        .done();
    assertThat(Request.to(root.port(), "plus-one").with("x", 1).as(int.class)).isEqualTo(2);
    assertThatIllegalArgumentException().isThrownBy(() -> root.handler("list", _ -> 1));
    assertThatIllegalArgumentException().isThrownBy(() -> root.handler("_ping", _ -> 1));
  }

  @Test
  @DisplayName("SV-4 a root whose handler throws answers so, and goes on")
  void handlerThrows() throws Exception {
    root.handler(
        "bad",
        _ -> {
          throw new IllegalStateException("broken");
        });
    assertThat(errorOf(() -> Request.to(root.port(), "bad").done()).message()).isEqualTo("broken");
    assertThat(Request.to(root.port(), "name").as(String.class)).isEqualTo("b-root");
  }

  @Test
  @DisplayName("RT-2 a remote caller can change nothing, whatever its message says of itself")
  void localOnly() throws Exception {
    // a root that a peer could reach, as its delegate too
    Root front = Root.named("front").delegate(root.port());
    Map<String, ?> forged =
        Map.of("local", true, "_local", true, "_origin", Origin.local(), "origin", "local");
    for (String command :
        List.of("add", "remove", "add-handler", "remove-handler", "set-delegate")) {
      Map<String, Object> message = new HashMap<>(forged);
      message.put("_cmd", command);
      message.put("service", "42");
      message.put("command", "inc");
      message.put("channel", Csp.chan());
      assertThat(remoteError(root, message)).as(command).isEqualTo(ErrorCode.REFUSED);
      assertThat(remoteError(front, message)).as(command).isEqualTo(ErrorCode.REFUSED);
    }
    assertThat(Request.to(root.port(), "list").as(listOf(String.class))).contains("42");
    assertThat(root.delegate()).isNull();
  }

  @Test
  @DisplayName("RT-2 a bare map, put past the types, has no right of a local caller")
  @SuppressWarnings("unchecked")
  void bareMap() throws Exception {
    Channel<Object> reply = Csp.chan(1);
    ((WritePort<Object>) (WritePort<?>) root.port())
        .put(Map.of("_cmd", "remove", "service", "42", "_return", reply));
    assertThat(CallError.fromData(((Map<?, ?>) Objects.requireNonNull(reply.take())).get("error")))
        .isInstanceOf(CallError.Refused.class);
  }

  @Test
  @DisplayName("RT-3 a private service is, for a remote caller, not there")
  void privateServices() throws Exception {
    assertThat(remotely(root, Map.of("_cmd", "list")))
        .isEqualTo(Map.of("answer", List.of("root", "42")));
    assertThat(
            ((List<?>)
                Objects.requireNonNull(
                    remotely(root, Map.of("_cmd", "list", "details", true)).get("answer"))))
        .hasSize(1);
    for (String command : List.of("get-service", "locate-service")) {
      Map<?, ?> hidden = remotely(root, Map.of("_cmd", command, "service", "secret"));
      Map<?, ?> absent = remotely(root, Map.of("_cmd", command, "service", "absent"));
      assertThat(hidden.toString().replace("secret", "absent")).isEqualTo(absent.toString());
    }
  }

  @Test
  @DisplayName("RT-4 a replaced or removed service is told so")
  void removedServiceIsTold() throws Exception {
    Channel<Request> mine = Csp.chan(2);
    root.add("mine", mine, Visibility.PUBLIC);
    root.add("mine", mine.writePort(), Visibility.PUBLIC);
    root.add("mine", calculator, Visibility.PUBLIC);
    assertThat(root.remove("mine")).isTrue();
    assertThat(root.remove("mine")).isFalse();
    Request told = Objects.requireNonNull(mine.take());
    assertThat(told.command()).isEqualTo("removed-from-root");
    assertThat(told.arguments()).isEqualTo(Map.of("root", "b-root", "service", "mine"));
  }
}
