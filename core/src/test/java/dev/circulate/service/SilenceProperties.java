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
 * Whatever a message holds, it is answered: with a value or with one clear error, never by silence.
 */
class SilenceProperties {
  private static final WritePort<Request> SERVICE = Service.of(new Everything());
  private static final WritePort<Request> ECHOES = Service.of(new Echoing());
  private static final WritePort<Request> STREAMS = Service.of(new StreamContract.Streams());
  private static final WritePort<Request> GUARDED =
      Service.through(
          Service.builder(new Everything()).intercept(ClientContract.TOKENS).open(),
          (request, next) -> next.proceed(request.withMeta("seen", true)));
  private static final Root ROOT =
      Root.named("root")
          .add("42", SERVICE, Visibility.PUBLIC)
          .add("secret", SERVICE, Visibility.PRIVATE);
  private static final Origin.Remote STRANGER = new Origin.Remote("stranger", null);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Provide
  Arbitrary<Map<String, Object>> messages() {
    Arbitrary<Object> scalars =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(8).asGeneric(),
            Arbitraries.longs().asGeneric(),
            Arbitraries.doubles().asGeneric(),
            Arbitraries.bigDecimals().asGeneric(),
            Arbitraries.of(true, false).asGeneric(),
            Arbitraries.bytes().array(byte[].class).asGeneric(),
            Arbitraries.create(Csp::<String>chan).asGeneric());
    Arbitrary<Object> values =
        Arbitraries.lazyOf(
            () -> scalars,
            () -> scalars.list().ofMaxSize(4).asGeneric(),
            () ->
                Arbitraries.maps(
                        Arbitraries.of(
                            "name", "count", "sizes", "topic", "to", "type", "radius", "token"),
                        scalars)
                    .ofMaxSize(4)
                    .asGeneric());
    Arbitrary<Object> commands =
        Arbitraries.oneOf(
            Arbitraries.of(
                    "describe",
                    "total",
                    "narrow",
                    "wide",
                    "text",
                    "moment",
                    "page",
                    "subscribe",
                    "to-all",
                    "add-two",
                    "fail",
                    "refuse",
                    "nothing",
                    "item",
                    "shape",
                    "shapes",
                    "order",
                    "by-name",
                    "perhaps",
                    "zoned",
                    "bytes",
                    "letter",
                    "up-to",
                    "breaks",
                    "spent",
                    "_commands",
                    "_stats",
                    "list",
                    "add",
                    "remove",
                    "get-service",
                    "locate-service",
                    "delegate",
                    "set-delegate",
                    "add-handler",
                    "remove-handler",
                    "name")
                .asGeneric(),
            values);
    Arbitrary<Map<String, Object>> arguments =
        Arbitraries.maps(
                Arbitraries.oneOf(
                    Arbitraries.of(
                        "item",
                        "items",
                        "x",
                        "most",
                        "_meta",
                        "_other",
                        "value",
                        "at",
                        "wait",
                        "size",
                        "after",
                        "subscription",
                        "ports",
                        "why",
                        "service",
                        "channel",
                        "command",
                        "details",
                        "public"),
                    Arbitraries.strings().ofMaxLength(4)),
                values)
            .ofMaxSize(4);
    return commands.flatMap(
        command ->
            arguments.map(
                given -> {
                  Map<String, Object> message = new HashMap<>(given);
                  message.put("_cmd", command);
                  return message;
                }));
  }

  @Property(tries = 300)
  @Label("SV-4 any message to a service is answered")
  void service(@ForAll("messages") Map<String, Object> message) throws Exception {
    assertAnswered(SERVICE, message);
  }

  @Property(tries = 300)
  @Label("SV-4 any message to services of other kinds is answered: echoes, streams, guarded ones")
  void others(@ForAll("messages") Map<String, Object> message) throws Exception {
    for (WritePort<Request> each : List.of(ECHOES, STREAMS, GUARDED)) {
      assertAnswered(each, message);
    }
  }

  @Property(tries = 300)
  @Label("SV-4 RT-2 any remote message to a root is answered, and changes nothing")
  void root(@ForAll("messages") Map<String, Object> message) throws Exception {
    assertAnswered(ROOT.port(), message);
    assertThat(ROOT.names(Origin.local())).containsExactly("root", "42", "secret");
    assertThat(ROOT.delegate()).isNull();
  }

  private static void assertAnswered(WritePort<Request> port, Map<String, Object> message)
      throws InterruptedException {
    Channel<Object> reply = Csp.chan(1);
    message.put("_return", reply);
    // a short deadline: to-all may be sent channels that nobody takes from
    port.put(Request.received(message, STRANGER, Deadline.after(Duration.ofMillis(200))));
    Object answer = reply.poll(PATIENCE);
    if (!(answer instanceof Map<?, ?> map)) {
      throw new AssertionError("answered with " + answer);
    }
    assertThat(Set.<Object>copyOf(map.keySet())).isIn(Set.of("answer"), Set.of("error"));
    if (map.get("answer") instanceof Channel<?> stream) {
      stream.cancel();
    }
    if (map.containsKey("error")) {
      CallError error = CallError.fromData(map.get("error"));
      assertThat(error.message()).isNotBlank();
      assertThat(List.of(ErrorCode.INTERNAL)).doesNotContain(error.code());
    }
  }
}
