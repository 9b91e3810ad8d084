package dev.circulate.runtime.dialect;

import static dev.circulate.Csp.go;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.FrameLimits;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
        "09-remote-add-refused",
        "13-channel-to-remote",
        "14-channel-from-remote",
        "15-delegate",
        "16-root-command",
        "17-unknown-root-command",
        "18-hello",
        "19-bye",
        "20-value-types",
        "21-name",
        "23-locate-service",
        "24-owner-closes-its-channel",
        "25-remote-owner-closes",
        "26-put-to-a-remote-channel",
        "27-channel-sent-home",
        "28-channel-nested-and-twice",
        "29-closed-channel-as-a-value",
        "30-answer-nil-and-false",
        "31-remote-streams-into-my-channel",
        "33-delegate-plain-channel",
        "34-root-service-by-name",
        "37-parallel-step",
        "38-the-articles-program",
        "41-no-reply-channel",
        "42-value-types-more",
        "51-holder-closes-its-proxy"
      })
  void replayed(String name) throws InterruptedException {
    try (Replay replay = new Replay(RecordedService.root())) {
      replay.playCaller(name);
      assertThat(replay.peer.lost() == null || name.equals("19-bye")).isTrue();
    }
  }

  @Test
  @DisplayName("DI-10 32: a root without a delegate answers that there is none")
  void withoutDelegate() throws InterruptedException {
    try (Replay replay = new Replay(RecordedService.withoutDelegate())) {
      replay.playCaller("32-delegate-none");
    }
  }

  @Test
  @DisplayName("DI-10 each put of the original's is confirmed: it waits for that before the next")
  void confirmed() throws InterruptedException {
    try (Replay replay = new Replay(RecordedService.root())) {
      for (Recording.Line line : Recording.of("37-parallel-step").lines()) {
        DialectFrame frame = Replay.frame(line.wire());
        if (line.from().equals("a") && frame.type().equals("forward")) {
          replay.say(line.wire());
          replay.heard(Replay.is("ack-forward", Objects.requireNonNull(frame.guid())));
        } else if (line.from().equals("b") && frame.type().equals("forward")) {
          replay.assertSaid(frame, "37-parallel-step");
        }
      }
    }
  }

  /** What ours answers to the last request of a in a recording. */
  private static String answerToLast(String name, Root root) throws InterruptedException {
    try (Replay replay = new Replay(root)) {
      List<Recording.Line> lines = Recording.of(name).lines();
      String target = "";
      for (int i = 0; i < lines.size(); i++) {
        Recording.Line line = lines.get(i);
        DialectFrame frame = Replay.frame(line.wire());
        if (line.from().equals("a") && frame.type().equals("forward")) {
          replay.say(line.wire());
          target = Replay.returnIn(frame);
          DialectFrame answer = answerAfter(lines.subList(i, lines.size()), target);
          if (answer != null && lines.stream().skip(i + 1).anyMatch(ReplayTest::isRequest)) {
            replay.assertSaid(answer, name);
          }
        }
      }
      String body = replay.heard(Replay.is("forward", target)).requiredBody();
      assertThat(replay.peer.lost()).isNull();
      return body;
    }
  }

  private static boolean isRequest(Recording.Line line) {
    return line.from().equals("a") && Replay.frame(line.wire()).type().equals("forward");
  }

  private static @Nullable DialectFrame answerAfter(List<Recording.Line> lines, String target) {
    return lines.stream()
        .filter(line -> line.from().equals("b"))
        .map(line -> Replay.frame(line.wire()))
        .filter(Replay.is("forward", target))
        .findFirst()
        .orElse(null);
  }

  @Test
  @DisplayName("SV-4 08: a service that throws answers with an error, unlike in the original")
  void serviceThrows() throws InterruptedException {
    assertThat(answerToLast("08-service-throws", RecordedService.root())).contains("~:error");
  }

  @ParameterizedTest(name = "RT-3 {0}: a private service is not there, unlike in the original")
  @ValueSource(strings = {"10-private-service-from-remote", "50-private-service-by-locate"})
  void privateService(String name) throws InterruptedException {
    assertThat(answerToLast(name, RecordedService.root()))
        .contains("~:error")
        .doesNotContain("chan-guid");
  }

  @Test
  @DisplayName("SV-3 12: commands are told with their arguments, which the original leaves out")
  void commands() throws InterruptedException {
    assertThat(answerToLast("12-commands", RecordedService.root()))
        .contains("get-42", "plus-one", "make-channel", "send-to", "boom", "echo");
  }

  @Test
  @DisplayName("SV-4 35: arguments that no overload has are an error, unlike in the original")
  void noOverload() throws InterruptedException {
    assertThat(answerToLast("35-overload-falls-to-no-argument", RecordedService.root()))
        .contains("~:error");
  }

  @Test
  @DisplayName("RT-1 52: a delegate that is a root is answered, unlike in the original")
  void delegateIsRoot() throws InterruptedException {
    assertThat(answerToLast("52-delegate-is-a-root", RecordedService.root()))
        .contains("~:answer")
        .contains("chan-guid");
  }

  @Test
  @DisplayName("RT-1 54: a command's map is its answer, and not taken apart as in the original")
  void answerThatLooksLikeAnError() throws InterruptedException {
    Root root = Root.named("b-root").handler("bad", _ -> Map.of("error", "no"));
    assertThat(answerToLast("54-handler-command-error", root)).contains("~:answer");
  }

  @Test
  @DisplayName("RT-1 55: a command that answers null is known, unlike in the original")
  void commandAnswersNull() throws InterruptedException {
    Root root = Root.named("b-root").handler("none", _ -> null);
    assertThat(answerToLast("55-handler-command-nil", root)).contains("~:answer\",null");
  }

  @Test
  @DisplayName("RT-1 56: a command that takes its time answers then; there is no mark for later")
  void commandAnswersLater() throws InterruptedException {
    Channel<Integer> later = Csp.chan();
    Root root =
        Root.named("b-root")
            .handler(
                "later",
                _ -> {
                  Channel<Integer> block = go(() -> later.put(72) ? 72 : 0);
                  later.take();
                  return block.take();
                });
    assertThat(answerToLast("56-handler-command-i-got-it", root)).contains("~:answer\",72");
  }

  @Test
  @DisplayName("DI-2 53: a root in a body is its reader's root, and is answered as a channel")
  void rootInBody() throws InterruptedException {
    assertThat(answerToLast("53-root-in-a-body-changes-sides", RecordedService.root()))
        .contains("~:answer")
        .contains("chan-guid");
  }

  @Test
  @DisplayName("DI-7 60: after a frame that was lost the caller's later frames are answered")
  void oneFrameLost() throws InterruptedException {
    List<Recording.Line> lines = Recording.of("60-one-frame-lost").lines();
    try (Replay replay = new Replay(RecordedService.root())) {
      for (Recording.Line line : lines.subList(0, lines.size() - 1)) {
        DialectFrame frame = Replay.frame(line.wire());
        if (line.from().equals("a") && !frame.type().startsWith("ack")) {
          replay.say(line.wire());
        } else if (frame.type().equals("forward")) {
          replay.assertSaid(frame, "60");
        }
      }
      Recording.Line lost = lines.getLast();
      assertThat(Replay.frame(lost.wire()).type()).isEqualTo("forward");
      replay.say(lost.wire().replace(Replay.returnIn(Replay.frame(lost.wire())), "S9"));
      assertThat(replay.heard(Replay.is("forward", "S9")).requiredBody()).contains("~:answer\",2");
      assertThat(replay.peer.lost()).isNull();
    }
  }

  @Test
  @DisplayName("SV-4 57: a root answers after a command that threw, unlike in the original")
  void rootGoesOn() throws InterruptedException {
    Root root =
        Root.named("b")
            .handler(
                "bad",
                _ -> {
                  throw new IllegalStateException("bad");
                });
    assertThat(answerToLast("57-handler-command-throws", root)).contains("~:answer\",\"b\"");
  }

  @Test
  @DisplayName(
      "SV-6 36: a caller that closes its reply channel gets no answer, and is acknowledged")
  void callerGaveUp() throws InterruptedException {
    try (Replay replay = new Replay(RecordedService.root())) {
      replay.playCaller("36-answer-after-the-caller-gave-up");
      assertThat(replay.forwardsLeft()).isZero();
    }
  }

  @Test
  @DisplayName("DI-8 40: after a bye a request fails at once, where the original waits for ever")
  void callAfterBye() throws InterruptedException {
    try (Replay replay = new Replay(RecordedService.root())) {
      replay.sayAll("40-bye-then-the-other-side-calls");
      assertThatThrownBy(() -> replay.peer.ended().take()).hasMessageContaining("has left");
      assertThatThrownBy(() -> Request.to(replay.peer.root(), "name").done())
          .isInstanceOfSatisfying(
              CallException.class,
              e -> assertThat(e.error()).isInstanceOf(CallError.PeerLost.class));
    }
  }

  @ParameterizedTest(name = "DI-7 {0}: what comes twice, or comes back, runs once, unlike there")
  @ValueSource(
      strings = {
        "58-one-ack-delivered-twice",
        "59-one-frame-delivered-twice",
        "61-late-answer-crosses-the-close"
      })
  void comesTwice(String name) throws InterruptedException {
    try (Replay replay = new Replay(RecordedService.root())) {
      List<String> answered = new ArrayList<>();
      for (Recording.Line line : Recording.of(name).lines()) {
        DialectFrame frame = Replay.frame(line.wire());
        if (line.from().equals("a")) {
          replay.say(line.wire());
          replay.say(line.wire());
        } else if (frame.type().equals("forward") && !answered.contains(frame.target())) {
          answered.add(frame.requiredTarget());
          replay.assertSaid(frame, name);
        }
      }
      replay.awaitAcknowledged();
      assertThat(replay.forwardsLeft()).as("answers that came twice").isZero();
      assertThat(replay.peer.lost()).isNull();
    }
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

  @Test
  @DisplayName("DI-9 an acknowledgement is waited for as long as somebody can put, not for ever")
  void neverAcknowledged() {
    Dialect dialect = new Dialect(FrameLimits.DEFAULTS);
    String answer = saidAs(dialect, new Message.Forward("0a", 1, false, -1, 1));
    assertThat(acknowledged(dialect, answer)).isEmpty();
    String value = saidAs(dialect, new Message.Forward("0b", 1, false, -1, 0));
    String last = saidAs(dialect, new Message.Forward("0b", 2, false, -1, 0));
    assertThat(acknowledged(dialect, value)).isEqualTo(List.of(batch(new Message.Credit("0b", 1))));
    assertThat(dialect.say(batch(new Message.Release("0b", 1)))).isEmpty();
    assertThat(acknowledged(dialect, last)).isEmpty();
  }

  /** How the frame is called that says a message. */
  private static @Nullable String saidAs(Dialect dialect, Message message) {
    String frame = dialect.say(batch(message)).getFirst();
    return DialectFrame.read(frame, FrameLimits.DEFAULTS).guid();
  }

  private static List<Packet> acknowledged(Dialect dialect, @Nullable String frame) {
    return dialect.hear(DialectFrame.of("ack-forward", frame, "by " + frame)).packets();
  }

  private static Packet batch(Message message) {
    return new Packet.Batch(1, 0, List.of(message));
  }

  @Test
  @DisplayName("DI-9 DI-10 of a thousand frames each that comes again is dropped; not all are kept")
  void remembered() {
    Dialect dialect = new Dialect(FrameLimits.DEFAULTS);
    assertThat(put(dialect, "first")).hasSize(1);
    for (int i = 0; i < 1_000; i++) {
      assertThat(put(dialect, "before " + i)).hasSize(1);
    }
    assertThat(put(dialect, "first")).isEmpty();
    for (int i = 0; i < 1_024; i++) {
      assertThat(put(dialect, "after " + i)).hasSize(1);
    }
    assertThat(put(dialect, "first")).hasSize(1);
  }

  @Test
  @DisplayName("DI-9 DI-10 frames are remembered by short names: a long one is refused")
  void longName() {
    Dialect dialect = new Dialect(FrameLimits.DEFAULTS);
    assertThat(put(dialect, "x".repeat(64))).hasSize(1);
    assertThatThrownBy(() -> put(dialect, "x".repeat(65)))
        .isInstanceOf(CodecException.class)
        .hasMessage("the name of a frame of 65; the limit is 64");
  }

  private static List<Packet> put(Dialect dialect, String frame) {
    return dialect.hear(DialectFrame.forward("root", frame, "[\"~#'\",1]")).packets();
  }
}
