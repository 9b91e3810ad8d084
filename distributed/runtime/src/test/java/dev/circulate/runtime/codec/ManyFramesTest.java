package dev.circulate.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.runtime.session.Packet;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DI-9: a frame is written and read as if there had been none before it. */
class ManyFramesTest {
  private static final Packet PACKET = new Packet.Resume("0123456789abcdef", 12);

  @Test
  @DisplayName("DI-9 each frame of many is written alike, in both encodings")
  void written() {
    String text = PacketCodec.write(PACKET);
    byte[] bytes = PacketCodec.writeBytes(PACKET);
    for (int i = 0; i < 100; i++) {
      assertThat(PacketCodec.write(PACKET)).isEqualTo(text).startsWith("[");
      assertThat(PacketCodec.writeBytes(PACKET)).isEqualTo(bytes);
    }
  }

  @Test
  @DisplayName("DI-9 a frame that cannot be written leaves nothing in the next")
  void writtenAfterFailure() {
    String text = PacketCodec.write(PACKET);
    byte[] bytes = PacketCodec.writeBytes(PACKET);
    List<Object> unwritable =
        new AbstractList<>() {
          @Override
          public Object get(int index) {
            return switch (index) {
              case 0 -> "before";
              default -> throw new IllegalStateException("gone meanwhile");
            };
          }

          @Override
          public int size() {
            return 2;
          }
        };
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() -> TransitCodec.write(unwritable)).isInstanceOf(CodecException.class);
      assertThat(PacketCodec.write(PACKET)).isEqualTo(text);
      assertThatThrownBy(() -> TransitCodec.writeBytes(unwritable))
          .isInstanceOf(CodecException.class);
      assertThat(PacketCodec.writeBytes(PACKET)).isEqualTo(bytes);
    }
  }

  @ParameterizedTest(name = "DI-9 the frame after {0} is read as it is")
  @ValueSource(
      strings = {
        "[1",
        "[\"text",
        "[1,2]]",
        "[1] 2",
        "[1] [2]",
        "[1]\u2003",
        "[1] \r\n\t",
        "\"a\" \"b\"",
        "1 2",
        "1",
        "null",
        "",
        " [1] 2",
        "{\"a\":1} 2",
        "[\"~#cmap\",[[1]]]",
        "[\"^ \",\"~#tag\",1,\"a\",",
        "[\"^ \",\"~#tag\",1,\"a\",0,",
        "[\"^ \",\"~:long-name\",1,\"~:other-name\",2"
      })
  void readAfter(String text) {
    for (int i = 0; i < 20; i++) {
      try {
        TransitCodec.readOrNull(text, FrameLimits.DEFAULTS);
      } catch (CodecException _) {
        // the frame after it is what is asked for
      }
      assertThat(PacketCodec.read(PacketCodec.write(PACKET), FrameLimits.DEFAULTS))
          .isEqualTo(PACKET);
    }
  }

  @ParameterizedTest(name = "DI-9 more than one value is refused: {0}")
  @ValueSource(
      strings = {
        "[1] 2",
        "[1,2]]",
        "\"a\" \"b\"",
        "1 2",
        "[1]\u2003",
        "[\"^ \",\"~#tag\",1,\"a\",2]",
        "[\"~#tag\",1,2]",
        "[\"~#tag\",1,2,",
        "[\"^ \",\"~#tag\",1,\"a\",",
        "[[\"~#tag\",1,2,3],"
      })
  void tooMuch(String text) {
    assertThatThrownBy(() -> TransitCodec.readOrNull(text, FrameLimits.DEFAULTS))
        .isInstanceOf(CodecException.class);
  }

  @Test
  @DisplayName("DI-9 more than one value is refused in bytes, too, though it looks like one")
  void tooManyBytes() {
    byte[] map = HexFormat.of().parseHex("82" + "a57e23746167" + "01" + "a161" + "02");
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() -> TransitCodec.read(map, FrameLimits.DEFAULTS))
          .isInstanceOf(CodecException.class);
      assertThat(PacketCodec.read(PacketCodec.writeBytes(PACKET), FrameLimits.DEFAULTS))
          .isEqualTo(PACKET);
    }
  }

  @ParameterizedTest(name = "DI-9 one value is read, with blanks after it: {0}")
  @ValueSource(strings = {"1", "null", "[1] \r\n\t", " \"a\"", "{\"~#'\":1}", "true"})
  void oneValue(String text) {
    for (int i = 0; i < 3; i++) {
      assertThatCode(() -> TransitCodec.readOrNull(text, FrameLimits.DEFAULTS))
          .doesNotThrowAnyException();
    }
  }

  @Test
  @DisplayName("DI-9 a frame mentions no name of another's: not of any session's")
  void namesOfOthers() {
    String other = "[[\"^ \",\"a secret of others\",1],\"~:second\",\"~$third\"]";
    for (int i = 0; i < 20; i++) {
      Object _ = TransitCodec.read(other, FrameLimits.DEFAULTS);
      for (String name : List.of("^0", "^1", "^2")) {
        assertThatThrownBy(() -> TransitCodec.read("[\"" + name + "\"]", FrameLimits.DEFAULTS))
            .isInstanceOf(CodecException.class)
            .hasMessageContaining("'" + name + "'");
      }
    }
  }

  @Test
  @DisplayName("DI-9 the same in bytes")
  void namesOfOthersInBytes() {
    byte[] other = TransitCodec.writeBytes(List.of(Map.of("a secret of others", 1)));
    for (int i = 0; i < 20; i++) {
      Object _ = TransitCodec.read(other, FrameLimits.DEFAULTS);
      assertThatThrownBy(
              () -> TransitCodec.read(HexFormat.of().parseHex("91a25e30"), FrameLimits.DEFAULTS))
          .isInstanceOf(CodecException.class)
          .hasMessageContaining("'^0'");
    }
  }

  @ParameterizedTest(name = "DI-9 {0} mentions what was not named before it: it is not null")
  @ValueSource(
      strings = {
        "[\"^0\"]",
        "[\"^0\",\"~:first\"]",
        "[\"~:first\",\"^1\"]",
        "[\"~:first\",\"^00x\"]",
        "[\"~:first\",\"^/\"]",
        "[\"~:first\",\"^0/\"]",
        "[\"~:first\",\"^\"]",
        "[\"^ \",\"^0\",1]",
        "[\"^ \",\"key one\",\"^1\"]",
        "{\"^0\":1}"
      })
  void neverNamed(String text) {
    assertThatThrownBy(() -> TransitCodec.readOrNull(text, FrameLimits.DEFAULTS))
        .isInstanceOf(CodecException.class);
  }

  @Test
  @DisplayName("DI-9 of more names than have numbers the last ones are meant")
  void renumbered() {
    List<Object> names = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      names.add(Name.keyword("name-" + i));
      names.add(Name.keyword("name-" + i));
    }
    assertThat(TransitCodec.read(TransitCodec.write(names), FrameLimits.DEFAULTS)).isEqualTo(names);
    assertThat(TransitCodec.read(TransitCodec.writeBytes(names), FrameLimits.DEFAULTS))
        .isEqualTo(names);
    String stale = TransitCodec.write(names).replaceFirst("]$", ",\"^[[\"]");
    assertThatThrownBy(() -> TransitCodec.read(stale, FrameLimits.DEFAULTS))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("'^[['");
  }

  @Test
  @DisplayName("DI-9 names and texts of many long frames are those of the frame they came in")
  void manyNames() {
    for (int i = 0; i < 300; i++) {
      Map<Object, Object> value = new LinkedHashMap<>();
      for (int j = 0; j < 100; j++) {
        value.put("key-%d-%d".formatted(i, j), Name.keyword("name-%d-%d".formatted(j, i)));
      }
      List<Object> twice = List.of(value, value);
      assertThat(TransitCodec.read(TransitCodec.write(twice), FrameLimits.DEFAULTS))
          .isEqualTo(twice);
      assertThat(TransitCodec.read(TransitCodec.writeBytes(twice), FrameLimits.DEFAULTS))
          .isEqualTo(twice);
    }
  }
}
