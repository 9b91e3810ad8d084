package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.contract.Until.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.runtime.codec.FrameLimits;
import dev.circulate.runtime.codec.PacketCodec;
import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.Session;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DI-9: a scripted peer says one wrong thing, and is told what it was. */
class HostilePeerTest {
  private static final String HELLO =
      "[\"^ \",\"~:type\",\"~:hello\",\"~:version\",1,\"~:name\",\"x\"]";

  static Stream<Arguments> wrongThings() {
    return Stream.of(
        Arguments.of("nonsense", "hello, is this the weather service?", "not transit JSON"),
        Arguments.of("half a frame", HELLO.substring(0, 20), "not transit JSON"),
        Arguments.of("not a map", "[1,2,3]", "a frame is a map"),
        Arguments.of("no type", "[\"^ \",\"~:version\",1]", "without :type"),
        Arguments.of("unknown type", "[\"^ \",\"~:type\",\"~:dance\"]", "'dance'"),
        Arguments.of(
            "another version",
            "[\"^ \",\"~:type\",\"~:hello\",\"~:version\",99,\"~:name\",\"x\"]",
            "version 99"),
        Arguments.of(
            "a batch before the hello",
            batch(1, "[\"^ \",\"~:type\",\"~:credit\",\"~:target\",\"root\",\"~:count\",1]"),
            "a batch before the hello"),
        Arguments.of(
            "a beat before the hello", "[\"^ \",\"~:type\",\"~:beat\"]", "a beat before the hello"),
        Arguments.of(
            "no JSON, of characters that take two",
            "x" + "\ud83d\ude00".repeat(100),
            "not transit JSON: x"),
        Arguments.of("deep", "[".repeat(100_000), "nested to a depth of 209; the limit is 100"),
        Arguments.of("long", "\"" + "x".repeat(1 << 20) + "\"", "the limit is"),
        Arguments.of(
            "version 0",
            HELLO.replace("~:version\",1", "~:version\",0"),
            ":version of a frame is a positive number"),
        Arguments.of(
            "a window of nothing",
            HELLO.replace("]", ",\"~:window\",0]"),
            ":window of a frame is a positive number"),
        Arguments.of(
            "a resume of what cannot be resumed",
            "[\"^ \",\"~:type\",\"~:resume\",\"~:session\",\"x\",\"~:received\",0]",
            "no session can be resumed here"),
        Arguments.of(
            "a type that is no name", "[\"^ \",\"~:type\",[\"~#:\",null]]", "a name is a text"));
  }

  static Stream<Arguments> wrongAfterHello() {
    return Stream.of(
        Arguments.of("a second hello", HELLO, "second hello"),
        Arguments.of(
            "a batch out of order",
            batch(7, "[\"^ \",\"~:type\",\"~:credit\",\"~:target\",\"root\",\"~:count\",1]"),
            "batch 7 came where batch 1 was expected"),
        Arguments.of(
            "a name that was never given",
            batch(1, "[\"^ \",\"~:type\",\"~:take\",\"~:target\",\"feed\",\"~:count\",1]"),
            "'feed'"),
        Arguments.of(
            "a take of the root",
            batch(1, "[\"^ \",\"~:type\",\"~:take\",\"~:target\",\"root\",\"~:count\",1]"),
            "beyond the rights 'p'"),
        Arguments.of(
            "closing the root",
            batch(1, "[\"^ \",\"~:type\",\"~:close\",\"~:target\",\"root\"]"),
            "beyond the rights 'p'"),
        Arguments.of(
            "a negative count",
            batch(1, "[\"^ \",\"~:type\",\"~:take\",\"~:target\",\"root\",\"~:count\",-1]"),
            "a positive number"),
        Arguments.of(
            "a take of nothing",
            batch(1, "[\"^ \",\"~:type\",\"~:take\",\"~:target\",\"root\",\"~:count\",0]"),
            "a positive number"),
        Arguments.of(
            "releasing the root with a put",
            batch(
                1,
                "[\"^ \",\"~:type\",\"~:forward\",\"~:target\",\"root\",\"~:body\",1,"
                    + "\"~:released\",1]"),
            "a release of 1"),
        Arguments.of(
            "releasing the root",
            batch(1, "[\"^ \",\"~:type\",\"~:release\",\"~:target\",\"root\",\"~:count\",1]"),
            "a release of 1"),
        Arguments.of(
            "a channel without rights",
            batch(
                1,
                "[\"^ \",\"~:type\",\"~:forward\",\"~:target\",\"root\",\"~:body\","
                    + "[\"~#chan-guid\",[\"feed\",\"x\",false]]]"),
            "letters of 'ptc'"));
  }

  private static String batch(int number, String message) {
    return "[\"^ \",\"~:type\",\"~:batch\",\"~:number\","
        + number
        + ",\"~:messages\",["
        + message
        + "]]";
  }

  @ParameterizedTest(name = "DI-9 {0}")
  @MethodSource("wrongThings")
  void firstWord(String what, String frame, String told) throws InterruptedException {
    assertEnds(told, frame);
  }

  @ParameterizedTest(name = "DI-9 {0}")
  @MethodSource("wrongAfterHello")
  void afterHello(String what, String frame, String told) throws InterruptedException {
    assertEnds(told, HELLO, frame);
  }

  /** Another peer of the victim's, which does nothing wrong. */
  private record Bystander(Peer victim, Peer itself) implements AutoCloseable {
    static Bystander of(Root root) {
      MemoryLink.Pair pair = MemoryLink.pair("bystander", "victim");
      return new Bystander(
          Peer.over(pair.near()).begin(), Peer.over(pair.far()).root(root).begin());
    }

    void assertGoesOn() throws InterruptedException {
      assertThat(Request.to(victim.root(), "name").within(PATIENCE).as(String.class))
          .as("others go on")
          .isEqualTo("victim");
    }

    @Override
    public void close() {
      victim.close();
      itself.close();
    }
  }

  private static void assertEnds(String told, String... frames) throws InterruptedException {
    Channel<String> fromHostile = chan(16);
    Channel<String> toHostile = chan(16);
    Root root = Root.named("victim");
    try (Bystander bystander = Bystander.of(root);
        Peer hostile = Peer.buildTransport(root.port(), fromHostile, toHostile)) {
      for (String frame : frames) {
        fromHostile.put(frame);
      }
      assertThatThrownBy(() -> hostile.ended().take()).hasMessageContaining(told);
      assertThat(toHostile.stream().toList())
          .as("it is told")
          .anySatisfy(
              frame ->
                  assertThat(PacketCodec.read(frame, FrameLimits.DEFAULTS))
                      .isInstanceOf(Packet.Bye.class)
                      .hasFieldOrPropertyWithValue("code", Packet.Bye.VIOLATION));
      bystander.assertGoesOn();
    }
  }

  /** What is done to a channel that the victim has given to the hostile peer. */
  private interface Attack {
    void on(String guid, Channel<String> fromHostile, Peer hostile) throws InterruptedException;
  }

  private static void assertEnds(Attack attack, String why) throws InterruptedException {
    assertEnds(attack, chan(), why);
  }

  private static void assertEnds(Attack attack, Object given, String why)
      throws InterruptedException {
    Channel<String> fromHostile = chan(16);
    Channel<String> toHostile = chan(1024);
    Root root = Root.named("victim").handler("give", _ -> given);
    try (Bystander bystander = Bystander.of(root);
        Peer hostile = Peer.buildTransport(root.port(), fromHostile, toHostile)) {
      fromHostile.put(HELLO);
      fromHostile.put(
          batch(
              1,
              "[\"^ \",\"~:type\",\"~:forward\",\"~:target\",\"root\",\"~:body\",[\"^"
                  + " \",\"~:_cmd\","
                  + "\"give\",\"~:_return\",[\"~#chan-guid\",[\"0a\",\"p\",true]]]]"));
      String answer;
      do {
        answer = Objects.requireNonNull(toHostile.take());
      } while (!answer.contains("chan-guid"));
      String guid = answer.replaceAll(".*chan-guid\",\\[\"([0-9a-f]{32}).*", "$1");
      attack.on(guid, fromHostile, hostile);
      assertThatThrownBy(() -> hostile.ended().take()).hasMessageContaining(why);
      bystander.assertGoesOn();
    }
  }

  @Test
  @DisplayName("DI-9 a flood of values beyond the window ends the session")
  void flood() throws InterruptedException {
    assertEnds(
        (guid, fromHostile, hostile) -> {
          for (int i = 2; i < 200 && hostile.lost() == null; i++) {
            fromHostile.offer(
                batch(
                    i,
                    "[\"^ \",\"~:type\",\"~:forward\",\"~:target\",\"" + guid + "\",\"~:body\",1]"),
                java.time.Duration.ofSeconds(1));
          }
        },
        "more than " + Session.UNTOLD_WINDOW);
  }

  @Test
  @DisplayName("DI-9 takes beyond the window end the session")
  void floodOfTakes() throws InterruptedException {
    assertEnds(
        (guid, fromHostile, hostile) ->
            fromHostile.put(
                batch(
                    2,
                    "[\"^ \",\"~:type\",\"~:take\",\"~:target\",\"" + guid + "\",\"~:count\",65]")),
        "more than " + Session.UNTOLD_WINDOW + " takes");
  }

  private static String message(String type, String target, String rest) {
    return "[\"^ \",\"~:type\",\"~:%s\",\"~:target\",\"%s\"%s]".formatted(type, target, rest);
  }

  private static String count(int count) {
    return ",\"~:count\"," + count;
  }

  private static String channel(String name, String rights) {
    return ",\"~:body\",[\"~#chan-guid\",[\"%s\",\"%s\",false]]".formatted(name, rights);
  }

  /** A channel of the hostile peer's own, put into what it was given. */
  private static String given(String name) {
    return message("forward", "GUID", channel(name, "ptc"));
  }

  static Stream<Arguments> wrongOfWhatWasGiven() {
    return Stream.of(
        Arguments.of(
            "a release of more than was given",
            message("release", "GUID", count(2)),
            "a release of 2 where 1 were given"),
        Arguments.of(
            "more withdrawn than there can be takers",
            given("mine") + "," + message("untaken", "mine", ",\"~:count\",5000000000"),
            ":count of a message is a number of 32 bits, not 5000000000"),
        Arguments.of(
            "half a surrogate pair, which could be said to nobody else",
            message("forward", "GUID", ",\"~:body\",\"\\ud83d\""),
            "half a surrogate pair"),
        Arguments.of(
            "a value of a kind that is told by one letter, and no text",
            message("forward", "GUID", ",\"~:body\",[\"~#y\",[1]]"),
            "a tag of one letter is for a text"),
        Arguments.of(
            "a name that is null",
            message("forward", "GUID", ",\"~:body\",[\"~#:\",null]"),
            "a name is a text"),
        Arguments.of(
            "a symbol that is null",
            message("forward", "GUID", ",\"~:body\",[[\"~#$\",null]]"),
            "a name is a text"),
        Arguments.of(
            "an address that is null",
            message("forward", "GUID", ",\"~:body\",[\"~#r\",null]"),
            "an address is a text"),
        Arguments.of(
            "a channel with a long name",
            given("x".repeat(65)),
            "the name of a channel of 65; the limit is 64"),
        Arguments.of(
            "what was released",
            message("release", "GUID", count(1)) + "," + message("take", "GUID", count(1)),
            "no channel was ever given the name"),
        Arguments.of(
            "a value that comes home and was never sent",
            message("home", "GUID", ",\"~:body\",1"),
            "a value came home that was not sent"),
        Arguments.of(
            "a channel sent home with other rights",
            message("forward", "root", channel("GUID", "pc")),
            "to send home with 'pc' is beyond the rights 'ptc'"),
        Arguments.of(
            "a value that nobody asked for",
            given("mine") + "," + message("value", "mine", ",\"~:body\",1"),
            "that nobody asked for"),
        Arguments.of(
            "a value of a channel that nobody knows",
            message("value", "mine", ",\"~:body\",1"),
            "nothing was asked of 'mine'"),
        Arguments.of(
            "the answer to a withdrawal that nobody asked for",
            given("mine") + "," + message("untaken", "mine", count(1)),
            "where it was told to withdraw 0"),
        Arguments.of(
            "the withdrawal of less than nothing",
            given("mine") + "," + message("untaken", "mine", count(-1)),
            "-1 takes of mine withdrawn"),
        Arguments.of(
            "the withdrawal of more than an int can count",
            given("mine") + "," + message("untaken", "mine", ",\"~:count\",5000000000"),
            ":count of a message is a number of 32 bits"),
        Arguments.of(
            "takes that are more than an int can count",
            message("take", "GUID", count(1))
                + ","
                + message("take", "GUID", count(Integer.MAX_VALUE)),
            "more than 64 takes asked of"));
  }

  @ParameterizedTest(name = "DI-9 {0}")
  @MethodSource("wrongOfWhatWasGiven")
  void ofWhatWasGiven(String what, String messages, String why) throws InterruptedException {
    assertEnds(
        (guid, fromHostile, _) -> fromHostile.put(batch(2, messages.replace("GUID", guid))), why);
  }

  @ParameterizedTest(name = "DI-12 {0} of a put-only face")
  @ValueSource(strings = {"take", "untake", "close", "cancel", "home"})
  void beyondTheFace(String type) throws InterruptedException {
    String rest =
        switch (type) {
          case "take", "untake" -> count(1);
          case "home" -> ",\"~:body\",1";
          default -> "";
        };
    assertEnds(
        (guid, fromHostile, _) -> fromHostile.put(batch(2, message(type, guid, rest))),
        chan().writePort(),
        "is beyond the rights 'p'");
  }

  @Test
  @DisplayName("DI-9 a cause that is longer than it may be is kept no longer than that")
  void longCause() throws InterruptedException {
    Channel<Object> closed = chan();
    assertEnds(
        (guid, fromHostile, _) -> {
          String words = "x".repeat(300_000);
          String cause =
              ",\"~:cause\",[\"^ \",\"~:type\",\"%s\",\"~:message\",\"%s\"]"
                  .formatted(words, words);
          fromHostile.put(batch(2, message("close", guid, cause)));
          fromHostile.put(batch(99, message("close", guid, "")));
        },
        closed,
        "batch 99");
    assertThat(closed.closeCause()).message().startsWith("xxx").hasSizeLessThan(10_000);
  }

  @Test
  @DisplayName("DI-12 a put into a take-only face")
  void putIntoTakeOnly() throws InterruptedException {
    assertEnds(
        (guid, fromHostile, _) ->
            fromHostile.put(batch(2, message("forward", guid, ",\"~:body\",1"))),
        chan().readPort(),
        "to put is beyond the rights 't'");
  }
}
