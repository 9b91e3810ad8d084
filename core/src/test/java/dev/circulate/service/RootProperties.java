package dev.circulate.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.Deadline;
import dev.circulate.WritePort;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever message a root gets, from whomever, it answers once, with a value or with one clear
 * error, and goes on.
 */
class RootProperties {
  private static final WritePort<Request> SERVICE = Service.of(new Calculator());
  private static final Origin.Remote STRANGER = new Origin.Remote("stranger", null);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Provide
  Arbitrary<Object> values() {
    Arbitrary<Object> scalars =
        Arbitraries.oneOf(
            Arbitraries.of("42", "secret", "root", "", "list", "woof", "_ping").asGeneric(),
            Arbitraries.strings().ofMaxLength(6).asGeneric(),
            Arbitraries.longs().asGeneric(),
            Arbitraries.doubles().asGeneric(),
            Arbitraries.of(true, false).asGeneric(),
            Arbitraries.create(() -> (Object) Csp.<Request>chan().writePort()),
            Arbitraries.create(() -> (Object) Csp.<Request>chan().readPort()),
            Arbitraries.just(SERVICE));
    return Arbitraries.lazyOf(
        () -> scalars,
        () -> scalars.list().ofMaxSize(3).asGeneric(),
        () -> Arbitraries.maps(scalars, scalars).ofMaxSize(3).asGeneric());
  }

  @Provide
  Arbitrary<Map<String, Object>> messages() {
    Arbitrary<Object> commands =
        Arbitraries.oneOf(
            Arbitraries.of(
                    "list",
                    "add",
                    "remove",
                    "get-service",
                    "locate-service",
                    "name",
                    "delegate",
                    "set-delegate",
                    "add-handler",
                    "remove-handler",
                    "woof",
                    "plus-one",
                    "round-and-round",
                    "_commands",
                    "_ping",
                    "_stats",
                    "_health")
                .asGeneric(),
            values());
    Arbitrary<String> names =
        Arbitraries.oneOf(
            Arbitraries.of(
                "service", "channel", "public", "doc", "command", "details", "x", Relay.TRAIL),
            Arbitraries.strings().ofMaxLength(3));
    Arbitrary<Map<String, Object>> arguments = Arbitraries.maps(names, values()).ofMaxSize(5);
    return commands.flatMap(
        command ->
            arguments.map(
                given -> {
                  Map<String, Object> message = new HashMap<>(given);
                  message.put(Request.COMMAND, command);
                  return message;
                }));
  }

  /** A root with all that a root can have: services, handlers, and delegates in a circle. */
  private static Root root() {
    Root root =
        Root.named("root")
            .add("42", SERVICE, Visibility.PUBLIC)
            .add("secret", SERVICE, Visibility.PRIVATE)
            .handler("woof", _ -> 72);
    root.delegate(Root.named("next").delegate(root.port()).port());
    return root;
  }

  @Property(tries = 200)
  @Label("SV-4 RT-1 any sequence of messages from local callers is answered, each once")
  void local(@ForAll("sequences") List<Map<String, Object>> messages) throws Exception {
    Root root = root();
    for (Map<String, Object> message : messages) {
      assertAnswered(root, message, true);
    }
    assertThat(root.names(Origin.local())).startsWith("root").doesNotContain("");
  }

  @Property(tries = 300)
  @Label("SV-4 RT-2 any message from a remote caller is answered, once, and changes nothing")
  void remote(@ForAll("messages") Map<String, Object> message) throws Exception {
    Root root = root();
    WritePort<Request> delegate = root.delegate();
    assertAnswered(root, message, false);
    assertThat(root.names(Origin.local())).containsExactly("root", "42", "secret");
    assertThat(root.removeHandler("woof")).isTrue();
    assertThat(root.delegate()).isSameAs(delegate);
  }

  @Provide
  Arbitrary<List<Map<String, Object>>> sequences() {
    return messages().list().ofMinSize(1).ofMaxSize(6);
  }

  private static void assertAnswered(Root root, Map<String, Object> message, boolean local)
      throws InterruptedException {
    Channel<Object> reply = Csp.chan(2);
    message.put(Request.RETURN, reply);
    // a short deadline: a message may set a delegate, or a handler, that nobody takes from
    Deadline deadline = Deadline.after(Duration.ofMillis(50));
    root.port()
        .put(local ? Request.of(message, deadline) : Request.received(message, STRANGER, deadline));
    Object answer = reply.poll(PATIENCE);
    if (!(answer instanceof Map<?, ?> map)) {
      throw new AssertionError(message + " was answered with " + answer);
    }
    assertThat(Set.<Object>copyOf(map.keySet())).isIn(Set.of("answer"), Set.of("error"));
    if (map.containsKey("error")) {
      CallError error = CallError.fromData(map.get("error"));
      assertThat(error.message()).isNotBlank();
      assertThat(error.code()).isNotEqualTo(ErrorCode.INTERNAL);
    }
    assertThat(reply.buffered()).isZero();
  }
}
