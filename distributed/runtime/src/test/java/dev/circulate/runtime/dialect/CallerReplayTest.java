package dev.circulate.runtime.dialect;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.fixed;
import static dev.circulate.Csp.go;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.WritePort;
import dev.circulate.contract.Until;
import dev.circulate.runtime.codec.Handlers;
import dev.circulate.runtime.codec.Incoming;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.service.Call;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The answering side {@code b} of a recording is replayed to calls of ours: ours sends what the
 * recorded {@code a} sent, with other GUIDs, and has the answers that it had.
 */
class CallerReplayTest {
  private static final String HELLO = "[\"^ \",\"~:type\",\"~:hello\",\"~:guid\",\"S0\"]";

  /**
   * Calls under way, and channels that were given, by the names that they have in the recording.
   */
  private final Map<String, Channel<Object>> calls = new HashMap<>();

  private final Map<String, Channel<Object>> given = new HashMap<>();
  private final Map<String, Object> proxies = new HashMap<>();
  private Replay replay;

  @BeforeEach
  void meet() throws InterruptedException {
    replay = new Replay(Root.named("a-root"));
    replay.say(HELLO);
    replay.awaitAcknowledged(); // now ours knows to whom it talks
    proxies.put("root", replay.peer.root());
  }

  @AfterEach
  void close() {
    replay.close();
  }

  @ParameterizedTest(name = "DI-10 ours asks the original as a peer of its own does: {0}")
  @ValueSource(
      strings = {
        "01-list",
        "02-get-service",
        "03-call-no-arguments",
        "04-call-with-argument",
        "05-unknown-service",
        "06-unknown-command",
        "07-arguments-not-matched",
        "09-remote-add-refused",
        "10-private-service-from-remote",
        "12-commands",
        "13-channel-to-remote",
        "14-channel-from-remote",
        "15-delegate",
        "16-root-command",
        "17-unknown-root-command",
        "20-value-types",
        "21-name",
        "23-locate-service",
        "24-owner-closes-its-channel",
        "25-remote-owner-closes",
        "26-put-to-a-remote-channel",
        "27-channel-sent-home",
        "28-channel-nested-and-twice",
        "30-answer-nil-and-false",
        "31-remote-streams-into-my-channel",
        "32-delegate-none",
        "33-delegate-plain-channel",
        "34-root-service-by-name",
        "35-overload-falls-to-no-argument",
        "37-parallel-step",
        "38-the-articles-program",
        "42-value-types-more",
        "50-private-service-by-locate",
        "51-holder-closes-its-proxy",
        "54-handler-command-error",
        "55-handler-command-nil",
        "56-handler-command-i-got-it"
      })
  void replayed(String name) throws InterruptedException {
    replay(name, Recording.of(name).lines());
    replay.awaitAcknowledged();
    assertThat(replay.peer.lost()).isNull();
  }

  @ParameterizedTest(name = "DI-6 nothing stays of what ours gave: {0}")
  @ValueSource(strings = {"01-list", "03-call-no-arguments", "24-owner-closes-its-channel"})
  void nothingStays(String name) throws InterruptedException {
    replayed(name);
    Until.until("no channel of ours is held there", () -> replay.peer.held().exports() == 0);
    assertThat(replay.peer.leave(Duration.ofMinutes(1))).as("no call is under way").isTrue();
  }

  private void replay(String name, List<Recording.Line> lines) throws InterruptedException {
    for (Recording.Line line : lines) {
      DialectFrame frame = Replay.frame(line.wire());
      switch (line.from() + " " + frame.type()) {
        case "a forward" -> {
          send(frame);
          replay.assertSaid(frame, name);
        }
        case "a close" -> closeHere(frame.requiredTarget());
        case "b forward" -> {
          replay.say(line.wire());
          receive(frame);
        }
        case "b close" -> {
          replay.say(line.wire());
          WritePort<?> closed = (WritePort<?>) Objects.requireNonNull(proxies.get(frame.target()));
          Until.until("the proxy is closed", closed::isClosed);
        }
        default -> {} // acknowledgements are said when what they are for is heard
      }
    }
  }

  @Test
  @DisplayName("DI-2 53: the other side's root goes home under its name; its echo never comes")
  void rootInBody() throws InterruptedException {
    String name = "53-root-in-a-body-changes-sides";
    List<Recording.Line> lines = Recording.of(name).lines();
    replay(name, lines.subList(0, lines.size() - 2)); // then the recorded caller gives up
    replay.awaitAcknowledged();
    assertThat(replay.peer.lost()).isNull();
    assertLostAtTheEnd();
  }

  /** Calls that are still under way. */
  private void assertLostAtTheEnd() {
    replay.close();
    for (Channel<Object> call : calls.values()) {
      assertThatThrownBy(call::take).isInstanceOf(ChannelFailedException.class);
    }
  }

  @Test
  @DisplayName("DI-7 60: what was lost, and is never acknowledged, keeps back no later call")
  void oneFrameLost() throws InterruptedException {
    String name = "60-one-frame-lost";
    List<Recording.Line> lines = Recording.of(name).lines();
    replay(name, lines.subList(0, lines.size() - 1));
    int before = replay.arrived();
    send(Replay.frame(lines.getLast().wire()));
    Until.until("the frame that is lost", () -> replay.arrived() == before + 1);
    calls.put("later", go(() -> Request.to(replay.peer.root(), "name").as(Object.class)));
    Until.until("the frame after it", () -> replay.arrived() == before + 2);
    assertLostAtTheEnd();
  }

  /** Does what the recorded program did when it sent the frame. */
  private void send(DialectFrame frame) throws InterruptedException {
    Object target = Objects.requireNonNull(proxies.get(frame.requiredTarget()));
    Object value = value(frame);
    if (value instanceof Map<?, ?> message && message.get(Request.COMMAND) instanceof String name) {
      @SuppressWarnings("unchecked") // what has commands takes requests
      Call call = Request.to((WritePort<Request>) target, name);
      for (Map.Entry<?, ?> argument : message.entrySet()) {
        if (!String.valueOf(argument.getKey()).startsWith("_")) {
          call = call.with((String) argument.getKey(), argument.getValue());
        }
      }
      Call asked = call;
      calls.put(Replay.returnIn(frame), go(() -> asked.as(Object.class)));
    } else {
      @SuppressWarnings("unchecked") // a recorded channel takes anything
      WritePort<Object> port = (WritePort<Object>) target;
      assertThat(port.put(Objects.requireNonNull(value))).isTrue();
    }
  }

  /** A recorded value, with channels of ours for those that the recorded program gave. */
  private @Nullable Object value(DialectFrame frame) {
    return new Incoming(100, Handlers.none(), reference -> channel(reference.guid()))
        .convert(Replay.read(frame.requiredBody()));
  }

  private Object channel(String guid) {
    Object proxy = proxies.get(guid);
    return proxy != null ? proxy : given.computeIfAbsent(guid, _ -> chan(fixed(8)));
  }

  private void closeHere(String guid) throws InterruptedException {
    Channel<Object> mine = given.get(guid);
    if (mine != null) {
      mine.close();
    }
    replay.heard(Replay.is("close", replay.mapped(guid)));
  }

  /** What the recorded other side sent has arrived. */
  private void receive(DialectFrame frame) throws InterruptedException {
    Object recorded = Replay.read(frame.requiredBody());
    Channel<Object> call = calls.remove(frame.requiredTarget());
    if (call == null) {
      Object came = Objects.requireNonNull(given.get(frame.requiredTarget())).take();
      assertThat(came).isEqualTo(Replay.plain(recorded));
      return;
    }
    Map<?, ?> answer = recorded instanceof Map<?, ?> map ? map : Map.of();
    if (!answer.toString().startsWith("{:answer=")) {
      assertThatThrownBy(call::take).isInstanceOf(ChannelFailedException.class);
      return;
    }
    Object expected = answer.values().iterator().next();
    if (expected == null) {
      // an answer that is there, and is none of the type that was asked for
      assertThatThrownBy(call::take).hasMessageContaining("expected Object, but came null");
      return;
    }
    Object came = call.take();
    if (expected instanceof Reference(String guid, _, _)) {
      if (given.containsKey(guid)) {
        assertThat(came).as("a channel that was sent home").isSameAs(given.get(guid));
      } else {
        proxies.put(guid, Objects.requireNonNull(came));
      }
    } else if (!String.valueOf(expected).contains("Reference")) {
      assertThat(Replay.plain(came)).isEqualTo(Replay.plain(expected));
    }
  }

  @Test
  @DisplayName("SV-4 63: a request that cannot be written is refused, and later ones go on")
  void cannotBeWritten() throws InterruptedException {
    assertThatThrownBy(() -> Request.to(replay.peer.root(), "name").with("x", new Object()).done())
        .hasMessageContaining("cannot send a java.lang.Object");
    replayed("63-value-that-cannot-be-written");
  }
}
