package dev.circulate.service;

import static dev.circulate.service.TypeOf.listOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.Deadline;
import dev.circulate.WritePort;
import dev.circulate.contract.Reach;
import dev.circulate.contract.RootContract;
import dev.circulate.contract.Until;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The laws of a root, kept towards local callers, and what only those can do. */
class RootTest extends RootContract {
  private static final Origin.Remote STRANGER = new Origin.Remote("stranger", null);

  private final WritePort<Request> calculator = Service.of(new Calculator());
  private final Root root = Root.named("c-root").add("42", calculator, Visibility.PUBLIC);

  RootTest() {
    super(Reach.local());
  }

  private static CallError errorOf(ThrowingCallable call) {
    return catchThrowableOfType(CallException.class, call).error();
  }

  /** What a root answers to a remote caller's message. */
  private static CallError remoteError(Root root, Map<String, ?> message) throws Exception {
    Channel<Object> reply = Csp.chan(1);
    Map<String, Object> whole = new HashMap<>(message);
    whole.put(Request.RETURN, reply);
    root.port().put(Request.received(whole, STRANGER, Deadline.none()));
    @Nullable Object error = ((Map<?, ?>) Objects.requireNonNull(reply.take())).get("error");
    return CallError.fromData(error);
  }

  @Test
  @DisplayName("RT-1 CH-12 of services that come and close few are kept, though nobody looks")
  void closedAreNotKept() {
    List<WeakReference<Object>> closed =
        IntStream.range(0, 1_000).mapToObj(this::comeAndGone).toList();
    Until.until(
        "nearly all are collected",
        () -> {
          System.gc();
          return closed.stream().filter(each -> each.get() != null).count() < 50;
        });
    assertThat(root.remove("42")).isTrue();
  }

  @Test
  @DisplayName("RT-1 a service whose channel is closed is not there to be removed")
  void closedIsNotRemoved() throws Exception {
    Channel<Request> service = Csp.chan();
    root.add("7", service, Visibility.PUBLIC);
    service.close();
    assertThat(root.remove("7")).isFalse();
    root.add("7", service, Visibility.PUBLIC);
    assertThat(Request.to(root.port(), "remove").with("service", 7).as(boolean.class)).isFalse();
  }

  private WeakReference<Object> comeAndGone(int number) {
    Channel<Request> service = Csp.chan();
    root.add("session " + number, service, Visibility.PUBLIC);
    service.close();
    return new WeakReference<>(service);
  }

  @Test
  @DisplayName(
      "RT-1 RT-4 a service that is replaced while it is looked for, and closes, is the new one")
  void replacedMeanwhile() throws Exception {
    for (String looked : List.of("list", "get-service")) {
      root.add("7", closing(() -> root.add("7", calculator, Visibility.PUBLIC)), Visibility.PUBLIC);
      if (looked.equals("list")) {
        assertThat(Request.to(root.port(), "list").as(listOf(String.class))).contains("7");
      } else {
        assertThat(Request.to(root.port(), "get-service").with("service", "7").as(Request.CHANNEL))
            .isSameAs(calculator);
      }
    }
  }

  /** The channel of a service that closes when it is asked whether it did, after something else. */
  @SuppressWarnings("unchecked")
  private WritePort<Request> closing(Runnable first) {
    AtomicBoolean asked = new AtomicBoolean();
    return (WritePort<Request>)
        Proxy.newProxyInstance(
            WritePort.class.getClassLoader(),
            new Class<?>[] {WritePort.class},
            (_, method, arguments) -> {
              if (!method.getName().equals("isClosed")) {
                return method.invoke(calculator, arguments);
              }
              if (asked.compareAndSet(false, true)) {
                first.run();
              }
              return true;
            });
  }

  @Test
  @DisplayName("RT-1 services and handlers are added and removed by messages, and by methods alike")
  void byMessages() throws Exception {
    Request.to(root.port(), "add")
        .with("service", "7")
        .with("channel", calculator)
        .with("public", true)
        .with("doc", "Seven.")
        .done();
    assertThat(Request.to(root.port(), "list").as(listOf(String.class)))
        .containsExactly("root", "42", "7");
    assertThat(Request.to(root.port(), "get-service").with("service", 7).as(Request.CHANNEL))
        .isSameAs(calculator);
    assertThat(
            Request.to(root.port(), "list").with("details", true).as(listOf(Map.class)).toString())
        .contains("Seven.");
    assertThat(Request.to(root.port(), "remove").with("service", 7).as(boolean.class)).isTrue();
    assertThat(Request.to(root.port(), "remove").with("service", 7).as(boolean.class)).isFalse();
    Request.to(root.port(), "add-handler")
        .with("command", "plus-one")
        .with("channel", calculator)
        .with("doc", "One more.")
        .done();
    assertThat(Service.docs(root.port())).contains("One more.");
    Request.to(root.port(), "remove-handler").with("command", "plus-one").done();
    assertThat(errorOf(() -> Request.to(root.port(), "plus-one").done()).code())
        .isEqualTo(ErrorCode.UNKNOWN_COMMAND);
  }

  @Test
  @DisplayName(
      "SV-3 a root's own commands are documented with types and schemas, as a service's are")
  void schemas() throws Exception {
    Map<String, Object> commands =
        Request.to(root.port(), "_commands").as(TypeOf.mapOf(Object.class));
    Map<String, Object> port =
        Map.of("title", "WritePort<Request>", "x-channel", "put"); // what JSON cannot carry
    assertThat(commands.get("locate-service"))
        .extracting("forms")
        .isEqualTo(
            List.of(
                Map.of(
                    "parameters",
                    List.of(
                        Map.of(
                            "name",
                            "service",
                            "type",
                            "String",
                            "schema",
                            Map.of("type", "string"),
                            "required",
                            true)),
                    "returns",
                    "WritePort<Request>",
                    "result",
                    port)));
    assertThat(commands.values())
        .allSatisfy(command -> assertThat(command.toString()).contains("result="));
    assertThat(String.valueOf(commands.get("list")))
        .contains("returns=List<String>", "returns=List<Object>", "name=details");
  }

  private interface Greeter {
    String greet(String name, int times);
  }

  @Test
  @DisplayName(
      "SV-3 RT-1 a command that was added takes any arguments, and its documentation says so")
  void addedTakesAny() throws Exception {
    root.handler("greet", "Greets.", request -> "hello " + request.argument("name"));
    Map<String, Object> commands =
        Request.to(root.port(), "_commands").as(TypeOf.mapOf(Object.class));
    assertThat(String.valueOf(commands.get("greet"))).contains("parameters=[]", "open=true");
    assertThat(Service.docs(root.port())).contains("greet(…) returns Object\n    Greets.\n");
    Greeter greeter = Service.clientBuilder(root.port(), Greeter.class).openChecked();
    assertThat(greeter.greet("Ann", 2)).isEqualTo("hello Ann");
  }

  @Test
  @DisplayName("RT-3 what is added by a message is private unless it says public")
  void addedPrivately() throws Exception {
    Request.to(root.port(), "add").with("service", "7").with("channel", calculator).done();
    assertThat(root.names(STRANGER)).containsExactly("root", "42");
    assertThat(root.names(Origin.local())).containsExactly("root", "42", "7");
  }

  @Test
  @DisplayName("RT-1 a delegate is set, and taken away, by messages and by methods alike")
  void delegateByMessages() throws Exception {
    Request.to(root.port(), "set-delegate").with("channel", calculator).done();
    assertThat(root.delegate()).isSameAs(calculator);
    Request.to(root.port(), "set-delegate").done();
    assertThat(root.delegate()).isNull();
    root.delegate(calculator).delegate(null);
    assertThat(root.delegate()).isNull();
  }

  @Test
  @DisplayName("RT-1 what cannot be added is refused with a sentence")
  void refused() {
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
        .isEqualTo(
            new CallError.InvalidArgument(
                "a service cannot be called 'root': that is the root itself"));
    assertThatIllegalArgumentException().isThrownBy(() -> root.delegate(root.port()));
    assertThatIllegalArgumentException().isThrownBy(() -> root.handler("list", _ -> 1));
    assertThatIllegalArgumentException().isThrownBy(() -> root.handler("_ping", _ -> 1));
  }

  @Test
  @DisplayName("RT-1 a delegate that is busy for too long is said to be so")
  void busyDelegate() throws Exception {
    root.delegate(Csp.chan());
    Channel<Object> reply = Csp.chan(1);
    root.port()
        .put(
            Request.received(
                Map.of(Request.COMMAND, "woof", Request.RETURN, reply),
                STRANGER,
                Deadline.after(Duration.ofMillis(20))));
    @Nullable Object error = ((Map<?, ?>) Objects.requireNonNull(reply.take())).get("error");
    assertThat(CallError.fromData(error)).isInstanceOf(CallError.DeadlineExceeded.class);
  }

  @Test
  @DisplayName("RT-1 a trail that is forged is a dead end for who forged it")
  void forgedTrail() throws Exception {
    root.delegate(calculator);
    for (Object trail :
        List.of("c-root", 7, List.of(), List.of(1, "x"), List.of(List.of()), Map.of())) {
      assertThat(
              remoteError(root, Map.of(Request.COMMAND, "no-such", Relay.TRAIL, trail)).message())
          .startsWith("service Calculator has no command");
    }
    assertThat(
            remoteError(
                    root,
                    Map.of(Request.COMMAND, "no-such", Relay.TRAIL, Collections.nCopies(64, "x")))
                .message())
        .endsWith("and 64 roots have passed it on before");
  }

  @Test
  @DisplayName("RT-2 a request that came in from a peer is remote, a forged origin in it is data")
  void forged() throws Exception {
    Map<String, Object> message = new HashMap<>();
    message.put(Request.COMMAND, "remove");
    message.put("service", "42");
    message.put("_origin", Origin.local());
    assertThat(remoteError(root, message)).isInstanceOf(CallError.Refused.class);
  }

  @Test
  @DisplayName("RT-3 a private service is, for a remote caller, not there")
  void privateService() throws Exception {
    root.add("secret", calculator, Visibility.PRIVATE);
    for (String command : List.of("get-service", "locate-service")) {
      CallError hidden = remoteError(root, Map.of(Request.COMMAND, command, "service", "secret"));
      CallError absent = remoteError(root, Map.of(Request.COMMAND, command, "service", "absent"));
      assertThat(hidden.toString().replace("secret", "absent")).isEqualTo(absent.toString());
    }
    assertThat(root.names(STRANGER)).containsExactly("root", "42");
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
  @DisplayName("SV-4 a root whose handler throws answers so, and goes on")
  void handlerThrows() throws Exception {
    root.handler(
        "bad",
        _ -> {
          throw new IllegalStateException("broken");
        });
    assertThat(errorOf(() -> Request.to(root.port(), "bad").done()).message()).isEqualTo("broken");
    assertThat(Request.to(root.port(), "name").as(String.class)).isEqualTo("c-root");
  }
}
