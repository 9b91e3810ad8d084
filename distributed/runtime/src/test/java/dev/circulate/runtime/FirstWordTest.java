package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.testkit.TestTime;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** DI-9: what the first word on a link to a server may be, and what nothing but that may be. */
@SuppressWarnings("NullAway.Init") // JUnit starts the server
class FirstWordTest {
  private static final Packet HELLO =
      new Packet.Hello(1, "client", List.of(), "", 0, 64, "Bearer secret");

  private final AtomicInteger asked = new AtomicInteger();
  private final Doorbell network = new Doorbell();
  private Server server;

  /** A session with the server that can be resumed. */
  private ScriptedLink first;

  /** What it is called. */
  private String name;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    Authenticator tokens =
        Authenticator.bearer(
            _ -> {
              asked.incrementAndGet();
              return "alice";
            });
    server =
        Server.at(URI.create("scripted://first-word"))
            .root(Root.named("server"))
            .authenticator(tokens)
            .transport(network)
            .start();
    first = network.ring();
    name = begun(first);
  }

  @AfterEach
  void stop() {
    first.breaks(); // so that nobody waits for its last word
    server.close();
  }

  /** Begins a session; answers what it is called. */
  private static String begun(ScriptedLink link) throws InterruptedException {
    link.say(HELLO);
    Packet.Hello hello = (Packet.Hello) link.heard();
    return Objects.requireNonNull(hello.session());
  }

  private static Packet.Bye bye(ScriptedLink link) throws InterruptedException {
    return (Packet.Bye) link.heard();
  }

  /** The session goes on over the link that it has. */
  private void assertFirstGoesOn() throws InterruptedException {
    Reference reply = new Reference("reply", Rights.PUT, true);
    Map<String, Object> call = Map.of(Request.COMMAND, "name", Request.RETURN, reply);
    first.say(new Packet.Batch(1, 0, List.of(new Message.Forward("root", call, true, -1, 0))));
    assertThat(first.heard().toString()).contains("target=reply").contains("server");
  }

  static Stream<Arguments> otherNames() {
    return Stream.of(
        other("none", _ -> ""),
        other("a name of nobody's", _ -> "0".repeat(Secrets.LENGTH)),
        other("its beginning", name -> name.substring(0, Secrets.LENGTH - 1)),
        other("its end", name -> name.substring(1)),
        other("more than it", name -> name + "0"));
  }

  private static Arguments other(String what, UnaryOperator<String> made) {
    return Arguments.of(what, made);
  }

  @ParameterizedTest(name = "DI-9 DI-11 a session is resumed by its name alone, not by {0}")
  @MethodSource("otherNames")
  void anotherName(String what, UnaryOperator<String> made) throws InterruptedException {
    ScriptedLink thief = network.ring();
    thief.say(new Packet.Resume(made.apply(name), 0));
    assertThat(bye(thief).code()).isEqualTo(Packet.Bye.UNKNOWN_SESSION);
    assertFirstGoesOn();
  }

  @Test
  @DisplayName("DI-9 a session is resumed by the first word on a link, and by none after that")
  void resumedLater() throws InterruptedException {
    ScriptedLink second = network.ring();
    begun(second);
    second.say(new Packet.Resume(name, 0));
    assertThat(bye(second).sentence()).contains("by the first frame of a link only");
    assertFirstGoesOn();
  }

  @Test
  @DisplayName("DI-11 DI-9 a second hello is a violation, and nobody is asked about it")
  void secondHello() throws InterruptedException {
    assertThat(asked).hasValue(1);
    first.say(HELLO);
    assertThat(bye(first).sentence()).contains("a second hello");
    assertThat(asked).hasValue(1);
  }

  @Test
  @DisplayName("DI-7 a server says nothing before it knows what a link is for")
  void waitsForTheWord() throws Exception {
    Doorbell open = new Doorbell();
    try (TestTime time = TestTime.install();
        Server _ = Server.at(URI.create("scripted://open")).transport(open).start()) {
      ScriptedLink link = open.ring();
      time.runUntilEveryBlockWaits();
      assertThat(link.waitingFrames()).isZero();
      assertThat(begun(link)).hasSize(Secrets.LENGTH);
      link.say(new Packet.Bye(Packet.Bye.LEAVING, "so long", 0));
      assertThat(bye(link).code()).isEqualTo(Packet.Bye.LEAVING);
    }
  }
}
