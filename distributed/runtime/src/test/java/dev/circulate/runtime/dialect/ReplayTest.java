package dev.circulate.runtime.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.WritePort;
import dev.circulate.runtime.Frame;
import dev.circulate.runtime.MemoryLink;
import dev.circulate.runtime.Peer;
import dev.circulate.runtime.codec.FrameLimits;
import dev.circulate.runtime.codec.Handlers;
import dev.circulate.runtime.codec.Incoming;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.codec.TransitCodec;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import dev.circulate.service.Command;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.Visibility;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The caller {@code a} of a recording is replayed against our root: each value that the original
 * answered is what ours answers, with other GUIDs; acknowledgements come in any order.
 */
class ReplayTest {
  /** What the recorded service could do. */
  public static final class FortyTwo {
    private @Nullable WritePort<Object> kept;

    @Command("get-42")
    int get() {
      return 42;
    }

    @Command("get-42")
    int get(int x) {
      return x + 42;
    }

    @Command
    int plusOne(int x) {
      return x + 1;
    }

    @Command
    @SuppressWarnings("DoNotCallSuggester")
    int boom() {
      throw new IllegalStateException("boom");
    }

    @Command
    Object echo(Object v) {
      return v;
    }

    @Command
    boolean sendTo(WritePort<Object> channel) throws InterruptedException {
      return channel.put("hello");
    }

    @Command
    boolean keepChannel(WritePort<Object> channel) {
      kept = channel;
      return true;
    }

    @Command
    boolean keptClosed() {
      return Objects.requireNonNull(kept).isClosed();
    }
  }

  private final Map<String, String> ours = new HashMap<>();
  private final Queue<DialectFrame> said = new ArrayDeque<>();
  private final MemoryLink.Pair pair = MemoryLink.pair("a", "b");

  @ParameterizedTest(name = "DI-10 the original gets its answers: {0}")
  @ValueSource(
      strings = {
        "01-list",
        "02-get-service",
        "03-call-no-arguments",
        "04-call-with-argument",
        "05-unknown-service",
        "06-unknown-command",
        "07-arguments-not-matched",
        "13-channel-to-remote",
        "15-delegate",
        "16-root-command",
        "17-unknown-root-command",
        "19-bye",
        "20-value-types",
        "21-name",
        "23-locate-service",
        "24-owner-closes-its-channel",
        "34-root-service-by-name",
        "38-the-articles-program",
        "41-no-reply-channel",
        "42-value-types-more"
      })
  void replayed(String name) throws InterruptedException {
    try (Peer peer = Peer.over(pair.far()).root(root()).begin()) {
      Objects.requireNonNull(pair.near().incoming().take()); // our hello, before we know
      for (Recording.Line line : Recording.of(name).lines()) {
        DialectFrame frame = frame(line.wire());
        if (line.from().equals("a") && !frame.type().startsWith("ack")) {
          pair.near().outgoing().put(new Frame.Text(mapped(line.wire())));
        } else if (frame.type().equals("forward")) {
          assertAnswered(frame, name);
        }
      }
      assertThat(peer.lost() == null || name.equals("19-bye")).isTrue();
    }
  }

  /** A root as the recorded one. */
  private static Root root() {
    Root kennel = Root.named("kennel").handler("woof", _ -> 72);
    Root root = Root.named("b-root").handler("inc", _ -> 1);
    root.add("42", Service.of(new FortyTwo()), Visibility.PUBLIC);
    root.delegate(kennel.port());
    return root;
  }

  @Test
  @DisplayName("SV-4 08: a service that throws answers with an error, unlike in the original")
  void serviceThrows() throws InterruptedException {
    try (Peer peer = Peer.over(pair.far()).root(root()).begin()) {
      List<Recording.Line> lines = Recording.of("08-service-throws").lines();
      for (Recording.Line line : lines) {
        DialectFrame frame = frame(line.wire());
        if (line.from().equals("a") && frame.type().equals("forward")) {
          pair.near().outgoing().put(new Frame.Text(mapped(line.wire())));
        } else if (frame.type().equals("forward")) {
          assertAnswered(frame, "08");
        }
      }
      assertThat(nextForward().requiredBody()).contains("~:error");
      assertThat(peer.lost()).isNull();
    }
  }

  @Test
  @DisplayName("DI-10 59: a frame that is delivered twice runs once, unlike in the original")
  void deliveredTwice() {
    Dialect dialect = new Dialect(FrameLimits.DEFAULTS);
    String list = Recording.of("01-list").lines().getFirst().wire();
    assertThat(dialect.hear(list).packets()).hasSize(1);
    Dialect.Heard again = dialect.hear(list);
    assertThat(again.packets()).isEmpty();
    assertThat(again.frames()).hasSize(1);
  }

  @Test
  @DisplayName("DI-9 62: a forward to a GUID never given is acknowledged once and dropped")
  void neverGiven() {
    Dialect dialect = new Dialect(FrameLimits.DEFAULTS);
    Dialect.Heard heard = dialect.hear(DialectFrame.forward("S1", "S2", "[\"~#'\",1]"));
    assertThat(heard.packets()).isEmpty();
    assertThat(heard.frames()).hasSize(2);
    assertThat(heard.frames().getFirst()).contains("~:ack\"").contains("S2");
    assertThat(heard.frames().getLast()).contains("~:ack-forward").contains("S2");
  }

  @Test
  @DisplayName("GF-5 36, 61: an answer after its caller gave up is acknowledged and dropped")
  void lateAnswer() {
    Dialect dialect = new Dialect(FrameLimits.DEFAULTS);
    Object request = Map.of("_return", new Reference("0a", Rights.PUT, true));
    dialect.say(batch(new Message.Forward("root", request, true, -1, 0)));
    assertThat(dialect.say(batch(new Message.Closed("0a", null, true)))).hasSize(1);
    assertThat(dialect.say(batch(new Message.Closed("0a", null, true)))).isEmpty();
    Dialect.Heard heard = dialect.hear(DialectFrame.forward("0a", "S2", "[\"~#'\",1]"));
    assertThat(heard.packets()).isEmpty();
    assertThat(heard.frames()).hasSize(2);
  }

  @Test
  @DisplayName("GF-5 a reply channel is closed there when its answer is here")
  void replyIsDone() {
    Dialect dialect = new Dialect(FrameLimits.DEFAULTS);
    Object request = Map.of("_return", new Reference("0a", Rights.PUT, true));
    dialect.say(batch(new Message.Forward("root", request, true, -1, 0)));
    Dialect.Heard heard = dialect.hear(DialectFrame.forward("0a", "S2", "[\"^ \",\"~:answer\",1]"));
    assertThat(heard.packets()).hasSize(1);
    assertThat(heard.frames()).hasSize(3);
    assertThat(heard.frames().getLast()).contains("~:close").contains("0a");
  }

  private static Packet batch(Message message) {
    return new Packet.Batch(1, 0, List.of(message));
  }

  private void assertAnswered(DialectFrame expected, String name) throws InterruptedException {
    DialectFrame answer = nextForward();
    assertThat(answer.requiredTarget()).isEqualTo(expected.target());
    Object theirs = TransitCodec.readOrNull(expected.requiredBody(), FrameLimits.DEFAULTS);
    Object mine = TransitCodec.readOrNull(answer.requiredBody(), FrameLimits.DEFAULTS);
    if (theirs instanceof Map<?, ?> map && map.toString().contains(":error=")) {
      assertThat(mine).as(name).asString().startsWith("{:error=");
    } else if (theirs instanceof Map<?, ?> map && reference(map) != null) {
      ours.put(
          Objects.requireNonNull(reference(map)),
          Objects.requireNonNull(reference((Map<?, ?>) Objects.requireNonNull(mine))));
    } else {
      assertThat(plain(mine)).as(name).isEqualTo(plain(theirs));
    }
    String guid = Objects.requireNonNull(answer.guid());
    pair.near().outgoing().put(new Frame.Text(DialectFrame.ack(guid)));
    pair.near().outgoing().put(new Frame.Text(DialectFrame.of("ack-forward", guid, "x" + guid)));
  }

  /**
   * What we do not tell apart: names, which are strings in Java, and services, which are named by
   * strings, too, where the recorded one is named by a number.
   */
  private static @Nullable Object plain(@Nullable Object value) {
    return switch (new Incoming(100, Handlers.none(), r -> r).convert(value)) {
      case Map<?, ?> map -> {
        Map<@Nullable Object, @Nullable Object> plain = new HashMap<>();
        map.forEach((key, entry) -> plain.put(plain(key), plain(entry)));
        yield plain;
      }
      case List<?> list when list.equals(List.of("root", 42)) -> List.of("root", "42");
      case List<?> list -> list.stream().map(ReplayTest::plain).toList();
      case byte[] bytes -> HexFormat.of().formatHex(bytes);
      case null -> null;
      case Object other -> other;
    };
  }

  private static @Nullable String reference(Map<?, ?> answer) {
    return answer.values().stream()
        .filter(Reference.class::isInstance)
        .map(value -> ((Reference) value).guid())
        .findFirst()
        .orElse(null);
  }

  private DialectFrame nextForward() throws InterruptedException {
    while (true) {
      Frame frame = pair.near().incoming().poll(Duration.ofSeconds(10));
      if (!(frame instanceof Frame.Text(String text))) {
        throw new AssertionError("no answer came; before it " + said);
      }
      DialectFrame heard = frame(text);
      if (heard.type().equals("forward")) {
        return heard;
      }
      said.add(heard);
    }
  }

  private static DialectFrame frame(String text) {
    return DialectFrame.read(text, FrameLimits.DEFAULTS);
  }

  private String mapped(String wire) {
    String mapped = wire;
    for (Map.Entry<String, String> guid : ours.entrySet()) {
      mapped = mapped.replace(guid.getKey(), guid.getValue());
    }
    return mapped;
  }
}
