package dev.circulate.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DI-9: a frame beyond a limit is refused before anything is made of it. */
class GuardTest {
  private static final FrameLimits SMALL = new FrameLimits(2048, 5, 256, 64);

  @Test
  @DisplayName("DI-9 frame size: a longer one is refused, of text and of bytes")
  void length() {
    assertRefused(text(2049), "a frame of 2049; the limit is 2048");
    assertRefused(new byte[2049], "a frame of 2049; the limit is 2048");
  }

  @Test
  @DisplayName("DI-9 depth: brackets, maps and arrays of bytes beyond it are refused")
  void depth() {
    assertRefused("[".repeat(100), "a value nested to a depth of 19; the limit is 5");
    assertRefused("{\"a\":".repeat(100), "a depth of 19; the limit is 5");
    assertRefused(bytes("91".repeat(100)), "a depth of 19; the limit is 5");
    assertRefused(bytes("81c0".repeat(100)), "a depth of 19; the limit is 5");
    assertThatThrownBy(() -> new Incoming(2, Handlers.none(), r -> r).convert(nested(4)))
        .hasMessageContaining("nested deeper than 2");
    Tagged unknown = new Tagged("of-a-later-version", nested(4));
    assertThatThrownBy(() -> new Incoming(2, Handlers.none(), r -> r).convert(unknown))
        .hasMessageContaining("nested deeper than 2");
  }

  private static Object nested(int depth) {
    return depth == 0 ? "x" : java.util.List.of(nested(depth - 1));
  }

  @Test
  @DisplayName("DI-9 string length: texts, names and bytes beyond it are refused")
  void string() {
    assertRefused("[" + text(257) + "]", "a string of 257; the limit is 256");
    assertRefused("[\"" + "\\u0041".repeat(50) + "\"]", "a string of 300; the limit is 256");
    assertRefused(bytes("da0101" + "41".repeat(257)), "a string of 257; the limit is 256");
    assertRefused(bytes("c50101" + "41".repeat(257)), "a string of 257; the limit is 256");
  }

  @Test
  @DisplayName("DI-9 half a surrogate pair is no text, wherever it stands, and a whole one is")
  void halfCharacters() {
    for (String half :
        List.of(
            "\\ud83d",
            "\\uDE00",
            "x\\ud83dy",
            "\\ud83d\\ud83d\\ude00",
            "\\ude00\\ud83d",
            "\\ud83d\\n")) {
      assertRefused("[\"" + half + "\"]", "a text with half a surrogate pair");
      assertRefused("[\"^ \",\"~:" + half + "\",1]", "a text with half a surrogate pair");
    }
    for (String whole :
        List.of("\\ud83d\\ude00", "\\\\ud83d", "\\u0041\\ud7ff\\ue000", "\\\\\\\"")) {
      JsonGuard.check("[\"" + whole + "\",[]]", SMALL);
    }
  }

  @Test
  @DisplayName(
      "DI-9 half a surrogate pair that is not escaped, as a string can have it, is no text")
  void halfCharactersOfStrings() {
    for (String half :
        List.of(
            "\ud83d",
            "\ude00",
            "x\ud83dy",
            "\ud83d\ud83d\ude00",
            "\ude00\ud83d",
            "\\ud83d\ude00",
            "\ud83d" + "\\ude00")) {
      assertRefused("[\"" + half + "\"]", "a text with half a surrogate pair");
      assertRefused("[\"^ \",\"~:" + half + "\",1]", "a text with half a surrogate pair");
    }
    for (String whole : List.of("\ud83d\ude00", "x\ud83d\ude00\ud83d\ude00\ud7ff\ue000")) {
      JsonGuard.check("[\"" + whole + "\",[]]", SMALL);
    }
  }

  @ParameterizedTest(name = "DI-9 bytes that are no UTF-8 are no text: {0}")
  @ValueSource(
      strings = {
        "a3eda0bd", // half a surrogate pair
        "a3edb880",
        "a6eda0bdedb880", // both halves, each by itself
        "a1ff",
        "a2c328",
        "a2c080",
        "a1e2",
        "a4f5808080",
        "d903eda0bd",
        "a47e3aff78" // in a name
      })
  void notUtf8(String hex) {
    assertRefused(bytes("91" + hex), "not UTF-8");
  }

  @Test
  @DisplayName("DI-9 any text of whole characters is read from bytes, and bytes may be any")
  void utf8() {
    String text = "a\u0000\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\ud800\udc00\udbff\udfff";
    List<Object> texts = List.of(text, text.repeat(10), "~:" + text);
    assertThat(TransitCodec.read(TransitCodec.writeBytes(texts), FrameLimits.DEFAULTS))
        .isEqualTo(texts);
    MessagePackGuard.check(bytes("91c402ffa0"), SMALL);
  }

  @Test
  @DisplayName("DI-9 collection size: lists, sets and maps beyond it are refused")
  void collection() {
    String ones = "1,".repeat(64) + "1";
    assertRefused("[" + ones + "]", "a collection of 65; the limit is 64");
    assertRefused("[\"~#set\",[" + ones + "]]", "a collection of 65; the limit is 64");
    assertRefused("[\"^ \"" + ",\"a\",1".repeat(65) + "]", "a collection of 65; the limit is 64");
    assertThatCode(() -> JsonGuard.check("[\"^ \"" + ",\"a\",1".repeat(64) + "]", SMALL))
        .doesNotThrowAnyException();
    assertRefused(bytes("dc0041" + "01".repeat(65)), "a collection of 65; the limit is 64");
    assertRefused(bytes("de0041" + "0101".repeat(65)), "a collection of 65; the limit is 64");
  }

  @Test
  @DisplayName("DI-9 what is just within a limit is read, and can be said")
  void justWithin() {
    JsonGuard.check("[" + text(256) + "]", SMALL);
    JsonGuard.check("[\"\\\"" + "[".repeat(100) + "\\\\\"]", SMALL); // all of it is a text
    MessagePackGuard.check(bytes("da0100" + "41".repeat(256)), SMALL);
    MessagePackGuard.check(bytes("dc0040" + "01".repeat(64)), SMALL);
    Measure.require("x".repeat(256), SMALL, Encoding.JSON, new Letters());
    Measure.require(Collections.nCopies(64, 1), SMALL, Encoding.JSON, new Letters());
    assertThatThrownBy(() -> Measure.require("x".repeat(257), SMALL, Encoding.JSON, new Letters()))
        .hasMessageContaining("a text of 257; the limit is 256");
    assertThatThrownBy(
            () -> Measure.require(Collections.nCopies(65, 1), SMALL, Encoding.JSON, new Letters()))
        .hasMessageContaining("a collection of 65; the limit is 64");
  }

  @Test
  @DisplayName("DI-9 a text that claims one byte more than is there is refused")
  void oneByteShort() {
    assertRefused(bytes("a241"), "claims 2 bytes where 1 are left");
  }

  @ParameterizedTest(name = "DI-9 {0} claims {1}")
  @CsvSource({
    "dd05f5e100, a collection of 100000000",
    "ddffffffff, a collection of 4294967295",
    "dfffffffff, a collection of 4294967295",
    "dbffffffff, a string of 4294967295",
    "c67fffffff, a string of 2147483647",
    "dc0040, 64 bytes where 0 are left",
    "de002001, 64 bytes where 1 are left",
    "a301, 3 bytes where 1 are left",
    "92, 2 bytes where 0 are left",
    "c1, no value begins with c1",
    "c7ff00, no value begins with c7",
    "0101, 1 bytes too many",
    "cf00, 8 bytes where 1 are left"
  })
  void claims(String hex, String told) {
    assertRefused(bytes(hex), told);
  }

  @Test
  @DisplayName("DI-9 five bytes that claim a hundred million elements allocate next to nothing")
  void nothingAllocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    byte[] bytes = bytes("dd05f5e100");
    FrameLimits wide = new FrameLimits(1 << 20, 100, 1 << 20, Integer.MAX_VALUE);
    assertThatThrownBy(() -> TransitCodec.read(bytes, wide)).isInstanceOf(CodecException.class);
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(() -> TransitCodec.read(bytes, wide))
          .hasMessageContaining("100000000 bytes where 0 are left");
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100 << 20);
  }

  @Test
  @DisplayName("DI-9 digits: a number that takes long to read is refused")
  void digits() {
    for (String kind : List.of("n", "f", "n-", "f-")) {
      assertThatThrownBy(() -> read("[\"~" + kind + "9".repeat(10_001) + "\"]"))
          .hasMessageContaining("33223 bits; the limit is 10000 digits");
      assertThatThrownBy(() -> read("[\"~" + kind + "9".repeat(20_000) + "\"]"))
          .hasMessageContaining("characters; the limit is 10000 digits");
    }
    assertThatThrownBy(() -> read("[\"~f1e99999\"]")).hasMessageContaining("the limit is 10000");
  }

  private static Object read(String text) {
    return TransitCodec.read(text, FrameLimits.DEFAULTS);
  }

  @Test
  @DisplayName("a limit that cannot be kept is refused")
  void limits() {
    assertThatThrownBy(() -> new FrameLimits(2048, 401, 256, 64))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a depth of 1 to 400");
    assertThatThrownBy(() -> new FrameLimits(1023, 5, 256, 64)).hasMessageContaining("length=1023");
    assertThatThrownBy(() -> new FrameLimits(2048, 0, 256, 64)).hasMessageContaining("depth=0");
    assertThatThrownBy(() -> new FrameLimits(2048, 5, 255, 64)).hasMessageContaining("string=255");
    assertThatThrownBy(() -> new FrameLimits(2048, 5, 256, 63))
        .hasMessageContaining("collection=63");
  }

  @Test
  @DisplayName("the deepest value that a limit permits is read, in both encodings")
  void deepest() {
    FrameLimits deep = new FrameLimits(1 << 20, FrameLimits.DEEPEST, 256, 64);
    Object sets =
        IntStream.range(0, 399)
            .boxed()
            .reduce((Object) 1, (in, _) -> java.util.Set.of(in), (a, _) -> a);
    Object out =
        new Outgoing(400, Handlers.none(), p -> new Reference("", Rights.ALL, false)).body(sets);
    Incoming incoming = new Incoming(400, Handlers.none(), r -> r);
    assertThat(incoming.convert(TransitCodec.read(TransitCodec.write(out), deep))).isEqualTo(sets);
    assertThat(incoming.convert(TransitCodec.read(TransitCodec.writeBytes(out), deep)))
        .isEqualTo(sets);
  }

  @Test
  @DisplayName("DI-9 a map in pairs with a key that has no value is refused")
  void keyWithoutValue() {
    assertThatThrownBy(() -> read("[\"~#cmap\",[1,2,3]]"))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("a key without a value");
  }

  @Test
  @DisplayName("DI-9 depth: a map with keys that are no texts is a level like any other")
  void pairsAreALevel() {
    String nested = "[\"~#cmap\",[[],".repeat(6) + "1" + "]]".repeat(6);
    Object read = TransitCodec.read(nested, FrameLimits.DEFAULTS);
    assertThat(new Incoming(6, Handlers.none(), r -> r).convert(read)).isNotNull();
    assertThatThrownBy(() -> new Incoming(5, Handlers.none(), r -> r).convert(read))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("nested deeper than 5 levels");
  }

  private static String text(int length) {
    return "\"" + "x".repeat(length == 2049 ? 2047 : length) + "\"";
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static void assertRefused(String text, String told) {
    assertThatThrownBy(() -> TransitCodec.read(text, SMALL))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining(told);
  }

  private static void assertRefused(byte[] bytes, String told) {
    assertThatThrownBy(() -> TransitCodec.read(bytes, SMALL))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining(told);
  }
}
