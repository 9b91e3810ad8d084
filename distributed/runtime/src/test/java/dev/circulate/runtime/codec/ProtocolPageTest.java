package dev.circulate.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.runtime.Limits;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Message.Cause;
import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.Session;
import dev.circulate.service.ErrorCode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The protocol's page says what the library says: each frame on it is written and read here. */
class ProtocolPageTest {
  private static final Pattern EXAMPLES = Pattern.compile("```transit\n(.*?)```", Pattern.DOTALL);
  private static final Pattern VALUE =
      Pattern.compile("^\\| (.*) \\| `(.*)` \\|$", Pattern.MULTILINE);
  private static final String SECRET = "8d2f0c5d7f8f4f0e9f5a0f7f1c2b3a49";
  private static final String CHANNEL = "2f6c1a90d3b84e57a1c09be4d7f36a12";
  private static final Reference REPLY =
      new Reference("b0a4c2f18e6d4a7795d3c1e0f2a48b6c", Rights.PUT, true);
  private static final Cause FULL = new Cause("java.io.IOException", "disk full");

  /** The page's examples in its order. */
  private static final List<Packet> PACKETS =
      List.of(
          new Packet.Hello(1, "orders", List.of(), SECRET, 5000, 256, null),
          new Packet.Hello(1, "client", List.of("msgpack"), "", 5000, 256, "Bearer 7d1c0f"),
          new Packet.Batch(7, 4, List.of(new Message.Take(CHANNEL, 1))),
          new Packet.Beat(7, 4),
          new Packet.Resume(SECRET, 4),
          new Packet.Resumed(9),
          new Packet.Bye(
              Packet.Bye.UNKNOWN_SESSION,
              "the session is over, or was never one of this server's",
              0),
          new Packet.Bye(Packet.Bye.LEAVING, "closed by client", 9),
          batch(
              3,
              new Message.Forward(
                  "root",
                  message(
                      "_cmd",
                      "watch",
                      "updates",
                      new Reference(CHANNEL, Rights.ALL, false),
                      "_return",
                      REPLY),
                  true,
                  30_000,
                  0)),
          batch(4, new Message.Forward(CHANNEL, Map.of("temperature", 21.5), false, -1, 0)),
          batch(5, new Message.Credit(CHANNEL, 32)),
          batch(6, new Message.Take(CHANNEL, 3)),
          batch(7, new Message.Value(CHANNEL, "first")),
          batch(8, new Message.Untake(CHANNEL, 2)),
          batch(9, new Message.Untaken(CHANNEL, 1)),
          batch(10, new Message.Home(CHANNEL, "second")),
          batch(11, new Message.Close(CHANNEL, null)),
          batch(12, new Message.Cancel(CHANNEL, FULL)),
          batch(13, new Message.Closed(CHANNEL, FULL, true)),
          batch(14, new Message.Release(CHANNEL, 1)),
          batch(
              1,
              new Message.Forward(
                  "root", message("_cmd", "inc", "by", 2L, "_return", REPLY), true, 30_000, 0)),
          answer(Map.of("answer", 42L)),
          answer(Map.of("error", error("unknown-command", "no 'inc' here"))));

  /** What stands in the page's table of values. */
  private static final Map<String, @Nullable Object> VALUES = new LinkedHashMap<>();

  static {
    VALUES.put("null, in a collection", null);
    VALUES.put("text", "plain");
    VALUES.put("text that begins with ~, ^ or `", "~plain");
    VALUES.put("boolean", true);
    VALUES.put("integer of 32 bits", 42);
    VALUES.put("integer of 64 bits, in 32 bits", 42L);
    VALUES.put("integer of 64 bits", 5_000_000_000L);
    VALUES.put("integer of 16 bits", (short) 7);
    VALUES.put("integer of 8 bits", (byte) 7);
    VALUES.put("floating point of 64 bits", 2.5);
    VALUES.put("floating point of 32 bits", 2.5f);
    VALUES.put("integer without bounds", new BigInteger("123456789012345678901234567890"));
    VALUES.put("decimal", new BigDecimal("1.50"));
    VALUES.put("character", 'x');
    VALUES.put("bytes", new byte[] {1, 2, 3});
    VALUES.put("UUID", new UUID(1, 2));
    VALUES.put("URI", URI.create("http://example.org/"));
    VALUES.put("moment of whole milliseconds", Instant.ofEpochMilli(1_700_000_000_000L));
    VALUES.put("any other moment", Instant.parse("2026-01-01T00:00:00.000001Z"));
    VALUES.put("date", LocalDate.of(2026, 1, 31));
    VALUES.put("duration", Duration.ofMillis(1500));
    VALUES.put("list", List.of(1, 2));
    VALUES.put("set", Set.of(1));
    VALUES.put("map", Map.of("a", 1));
    VALUES.put(
        "map with a key that is a list, set, map or channel, or has a tag of several letters",
        Map.of(List.of(1), "a"));
    VALUES.put("map with other keys, such as integers", Map.of(1, "a"));
  }

  private static Packet batch(long number, Message message) {
    return new Packet.Batch(number, 0, List.of(message));
  }

  private static Packet answer(Map<String, Object> body) {
    return new Packet.Batch(1, 1, List.of(new Message.Forward(REPLY.guid(), body, false, -1, 1)));
  }

  private static Map<Object, Object> message(Object... namesAndValues) {
    Map<Object, Object> message = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      message.put(Name.keyword((String) namesAndValues[i]), namesAndValues[i + 1]);
    }
    return message;
  }

  private static Map<String, Object> error(String code, String message) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", code);
    error.put("message", message);
    return error;
  }

  private static String page() throws IOException {
    return Files.readString(Path.of("../../docs/protocol.md"));
  }

  private static List<String> examples() throws IOException {
    return EXAMPLES
        .matcher(page())
        .results()
        .map(match -> match.group(1))
        .flatMap(String::lines)
        .toList();
  }

  @Test
  @DisplayName("DI-10 each frame on the protocol's page is what the library writes")
  void written() throws IOException {
    assertThat(examples()).isEqualTo(PACKETS.stream().map(PacketCodec::write).toList());
  }

  @Test
  @DisplayName("DI-10 each frame on the protocol's page is read as what the page says")
  void read() throws IOException {
    assertThat(examples().stream().map(text -> PacketCodec.read(text, FrameLimits.DEFAULTS)))
        .isEqualTo(PACKETS);
  }

  @Test
  @DisplayName("DI-10 the page has an example of every frame and every message")
  void complete() {
    List<Class<?>> shown = new ArrayList<>();
    for (Packet packet : PACKETS) {
      shown.add(packet.getClass());
      if (packet instanceof Packet.Batch batch) {
        batch.messages().forEach(message -> shown.add(message.getClass()));
      }
    }
    assertThat(shown).contains(Packet.class.getPermittedSubclasses());
    assertThat(shown).contains(Message.class.getPermittedSubclasses());
  }

  @Test
  @DisplayName("DI-10 the page's values are written and read as it says")
  void values() throws IOException {
    Map<String, String> shown = new LinkedHashMap<>();
    String table =
        page().substring(page().indexOf("| a value |"), page().indexOf("A map of the last kind"));
    VALUE
        .matcher(table)
        .results()
        .forEach((MatchResult row) -> shown.put(row.group(1), row.group(2)));
    assertThat(shown.keySet()).containsExactlyElementsOf(VALUES.keySet());
    Outgoing outgoing = new Outgoing(100, Handlers.none(), _ -> REPLY);
    Incoming incoming = new Incoming(100, Handlers.none(), reference -> reference);
    shown.forEach(
        (what, text) -> {
          List<@Nullable Object> one = Arrays.asList(VALUES.get(what));
          assertThat(TransitCodec.write(outgoing.body(one))).as(what).isEqualTo("[" + text + "]");
          Object came = incoming.convert(TransitCodec.read("[" + text + "]", FrameLimits.DEFAULTS));
          assertThat(came).as(what).usingRecursiveComparison().isEqualTo(one);
        });
  }

  @Test
  @DisplayName("DI-10 the other dates and times have the tags that the page says, with their text")
  void times() throws IOException {
    Map<String, Object> times = new LinkedHashMap<>();
    times.put("local-time", LocalTime.of(4, 5));
    times.put("local-date-time", LocalDateTime.of(2026, 2, 3, 4, 5));
    times.put("offset-date-time", OffsetDateTime.of(2026, 2, 3, 4, 5, 0, 0, ZoneOffset.UTC));
    times.put("offset-time", OffsetTime.of(4, 5, 0, 0, ZoneOffset.UTC));
    times.put("zoned-date-time", ZonedDateTime.of(2026, 2, 3, 4, 5, 0, 0, ZoneId.of("Asia/Tokyo")));
    times.put("year", Year.of(2026));
    times.put("year-month", YearMonth.of(2026, 2));
    times.put("month-day", MonthDay.of(2, 3));
    times.put("period", Period.ofDays(7));
    times.put("zone", ZoneId.of("Asia/Tokyo"));
    String told =
        page()
            .substring(page().indexOf("The other dates and times"), page().indexOf("Keywords and"));
    assertThat(Pattern.compile("`([^`]+)`").matcher(told).results().map(match -> match.group(1)))
        .containsExactlyElementsOf(times.keySet());
    Outgoing outgoing = new Outgoing(100, Handlers.none(), _ -> REPLY);
    times.forEach(
        (tag, time) ->
            assertThat(TransitCodec.write(outgoing.body(List.of(time))))
                .isEqualTo("[[\"~#%s\",\"%s\"]]".formatted(tag, time)));
  }

  @Test
  @DisplayName(
      "SV-4 DI-9 the page lists every code, of an error or an end, and every bound as it is")
  void listed() throws IOException {
    for (ErrorCode code : ErrorCode.values()) {
      assertThat(page()).contains("`" + code.id() + "`");
    }
    for (String code :
        List.of(
            Packet.Bye.LEAVING,
            Packet.Bye.VIOLATION,
            Packet.Bye.UNAUTHENTICATED,
            Packet.Bye.OVERLOADED,
            Packet.Bye.INTERNAL,
            Packet.Bye.UNKNOWN_SESSION)) {
      assertThat(page()).contains("\n| `" + code + "` | ");
    }
    Limits limits = Limits.DEFAULTS;
    assertThat(page())
        .contains("| a frame | %,d ".formatted(limits.frame().length()))
        .contains("| nesting of a value | %d |".formatted(limits.frame().depth()))
        .contains("| a text or byte array, as written | %,d |".formatted(limits.frame().string()))
        .contains("| a list, set or map | %,d ".formatted(limits.frame().collection()))
        .contains("(have one hash code in Java) | %d;".formatted(Collisions.MOST))
        .contains("that are lists, sets or maps | %d looks ".formatted(Collisions.MOST))
        .contains("of this side's | %,d:".formatted(limits.exports()))
        .contains("held of the peer's | %,d |".formatted(limits.imports()))
        .contains("| requests of the peer's under way here | %,d:".formatted(limits.requests()))
        .contains("and does not read | %,d:".formatted(limits.backlog()))
        .contains("| window | %d |".formatted(limits.window()))
        .contains("at least one. Absent: %d |".formatted(Session.UNTOLD_WINDOW))
        .contains("or %d Ki characters or bytes".formatted(Session.SIZE_PER_ACK >> 10))
        .contains("a text of at most %d characters".formatted(Reference.LONGEST_GUID))
        .contains("| kept without acknowledgement | %,d |".formatted(limits.unacked()))
        .contains("| digits of a number, or its exponent | %,d |".formatted(Numbers.MOST_DIGITS))
        .contains("| first word on a link | %d seconds |".formatted(limits.hello().toSeconds()))
        .contains("| silence | %d seconds |".formatted(limits.silence().toSeconds()))
        .contains("| grace | %d seconds |".formatted(limits.grace().toSeconds()));
  }
}
