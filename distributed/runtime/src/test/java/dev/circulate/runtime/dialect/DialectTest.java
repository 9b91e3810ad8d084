package dev.circulate.runtime.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.runtime.codec.FrameLimits;
import dev.circulate.runtime.codec.Handlers;
import dev.circulate.runtime.codec.Incoming;
import dev.circulate.runtime.codec.Outgoing;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.codec.Tagged;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DI-10: what the dialect's page says, word by word, where the recordings do not look so close. */
class DialectTest {
  private final Dialect dialect = new Dialect(FrameLimits.DEFAULTS);

  private List<String> say(Message message) {
    return dialect.say(new Packet.Batch(1, 0, List.of(message)));
  }

  /** The text that stands for a value which is put. */
  private String body(Object value) {
    Outgoing outgoing =
        new Outgoing(9, Handlers.none(), port -> new Reference("0b", Rights.ALL, false));
    List<String> frames = say(new Message.Forward("0a", outgoing.body(value), false, -1, 0));
    assertThat(frames).hasSize(1);
    return DialectFrame.read(frames.getFirst(), FrameLimits.DEFAULTS).requiredBody();
  }

  private List<Packet> put(String target, String guid) {
    return dialect.hear(DialectFrame.forward(target, guid, "[\"~#'\",1]")).packets();
  }

  @Test
  @DisplayName("SV-4 an error is its sentence alone, under a keyword")
  void error() {
    assertThat(body(Map.of("error", Map.of("code", "failed", "message", "no room"))))
        .isEqualTo("[\"^ \",\"~:error\",\"no room\"]");
  }

  @Test
  @DisplayName("CH-5 a map that is no error, but has an entry of that name, loses nothing")
  void noError() {
    assertThat(body(Map.of("error", Map.of("rate", 2))))
        .isEqualTo("[\"^ \",\"~:error\",[\"^ \",\"rate\",2]]");
  }

  @Test
  @DisplayName("DI-10 numbers leave without tags, and java.time as ISO text, wherever they stand")
  void values() {
    List<?> values =
        Arrays.asList(
            7L,
            (short) 7,
            (byte) 7,
            2.5f,
            Duration.ofSeconds(1),
            LocalDate.of(2026, 1, 31),
            Instant.parse("2026-01-01T00:00:00.000001Z"),
            ZoneId.of("Asia/Tokyo"),
            null);
    String plain =
        "[7,7,7,2.5,\"PT1S\",\"2026-01-31\",\"2026-01-01T00:00:00.000001Z\",\"Asia/Tokyo\",null]";
    assertThat(body(values)).isEqualTo(plain);
    assertThat(body(List.of(values))).isEqualTo("[" + plain + "]");
    assertThat(body(Set.of(values))).isEqualTo("[\"~#set\",[" + plain + "]]");
    assertThat(body(Map.of("answer", values))).isEqualTo("[\"^ \",\"~:answer\"," + plain + "]");
    assertThat(body(List.of(Map.of("a", values)))).isEqualTo("[[\"^ \",\"a\"," + plain + "]]");
  }

  @Test
  @DisplayName("DI-10 names are strings, but for those of a message")
  void names() {
    assertThat(body(Map.of("answer", Map.of("error", List.of(Map.of("answer", 1))))))
        .isEqualTo("[\"^ \",\"~:answer\",[\"^ \",\"error\",[[\"^ \",\"answer\",1]]]]");
  }

  @Test
  @DisplayName("DI-2 what is given in a list, a set or a map can be put to")
  void given() {
    List<Object> places =
        List.of(
            List.of(new Reference("in a list", Rights.ALL, false)),
            Set.of(new Reference("in a set", Rights.ALL, false)),
            List.of(Map.of("deep", new Reference("in a map", Rights.ALL, false))));
    assertThat(put("in a list", "S1")).isEmpty();
    for (Object place : places) {
      say(new Message.Forward("0a", place, false, -1, 0));
    }
    assertThat(put("in a list", "S2")).hasSize(1);
    assertThat(put("in a set", "S3")).hasSize(1);
    assertThat(put("in a map", "S4")).hasSize(1);
  }

  @Test
  @DisplayName("DI-2 DI-10 in a value of a kind of its own channels are names, and numbers plain")
  void tagged() {
    Object place = new Tagged("place", List.of(new Reference("0b", Rights.ALL, false), 7L));
    List<String> frames = say(new Message.Forward("0a", place, false, -1, 0));
    assertThat(DialectFrame.read(frames.getFirst(), FrameLimits.DEFAULTS).requiredBody())
        .isEqualTo("[\"~#place\",[[\"~#chan-guid\",\"0b\"],7]]");
    assertThat(put("0b", "S1")).hasSize(1);
    assertThat(bodies(dialect.hear(forward("S2", "[\"~#place\",[[\"~#chan-guid\",\"0b\"]]]"))))
        .containsExactly(new Tagged("place", List.of(new Reference("0b", Rights.ALL, false))));
    String list = "[\"~#place\",[\"~#list\",[1]]]";
    Object came =
        new Incoming(9, Handlers.none(), r -> r)
            .convert(bodies(dialect.hear(forward("S3", list))).getFirst());
    assertThat(body(Objects.requireNonNull(came))).isEqualTo(list);
  }

  private static String forward(String guid, String body) {
    return DialectFrame.forward("root", guid, body);
  }

  private static List<Object> bodies(Dialect.Heard heard) {
    return heard.packets().stream()
        .flatMap(packet -> ((Packet.Batch) packet).messages().stream())
        .map(message -> ((Message.Forward) message).body())
        .toList();
  }

  @Test
  @DisplayName("DI-5 CH-7 a put that waits for a channel which closes is confirmed: it is over")
  void closesMeanwhile() {
    say(new Message.Forward("0a", new Reference("0b", Rights.ALL, false), false, -1, 0));
    assertThat(put("0b", "S1")).hasSize(1);
    assertThat(put("0b", "S2")).hasSize(1);
    List<DialectFrame> said =
        say(new Message.Closed("0b", null, true)).stream()
            .map(text -> DialectFrame.read(text, FrameLimits.DEFAULTS))
            .toList();
    assertThat(said)
        .extracting(DialectFrame::type)
        .containsExactly("close", "ack-forward", "ack-forward");
    assertThat(said).extracting(DialectFrame::target).containsExactly("0b", "S1", "S2");
  }

  @ParameterizedTest(name = "DI-10 who begins with {0} is one of the original")
  @ValueSource(
      strings = {
        "[\"^ \",\"~:type\",\"~:hello\"]",
        "[\"^ \",\"~:type\",\"~:hello\",\"~:guid\",\"S0\"]",
        "[\"^ \",\"~:type\",\"~:forward\",\"~:target\",\"root\"]",
        "[\"^ \",\"~:type\",\"~:ack\",\"~:target\",\"S0\"]",
        "[\"^ \",\"~:type\",\"~:ack-forward\",\"~:target\",\"S0\"]",
        "[\"^ \",\"~:type\",\"~:close\",\"~:target\",\"S0\"]",
        "[\"^ \",\"~:type\",\"~:bye\",\"~:guid\",\"S0\"]"
      })
  void original(String first) {
    assertThat(Dialect.isSpokenIn(first, FrameLimits.DEFAULTS)).isTrue();
  }

  @ParameterizedTest(name = "DI-10 who begins with {0} is not")
  @ValueSource(
      strings = {
        "[\"^ \",\"~:type\",\"~:hello\",\"~:version\",1,\"~:name\",\"x\"]",
        "[\"^ \",\"~:type\",\"~:bye\",\"~:code\",\"leaving\",\"~:sentence\",\"so long\"]",
        "[\"^ \",\"~:type\",\"~:resume\",\"~:session\",\"x\",\"~:received\",0]",
        "[\"^ \",\"~:type\",\"~:batch\",\"~:number\",1,\"~:messages\",[]]",
        "[\"^ \",\"~:type\",\"forward\"]",
        "[1]"
      })
  void oneOfOurs(String first) {
    assertThat(Dialect.isSpokenIn(first, FrameLimits.DEFAULTS)).isFalse();
  }
}
