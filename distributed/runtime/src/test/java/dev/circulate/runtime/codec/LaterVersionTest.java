package dev.circulate.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Message.Cause;
import dev.circulate.runtime.session.Packet;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DI-10: what the protocol's page says of frames in which there is more than it knows, or less. */
class LaterVersionTest {
  private static Packet read(String text) {
    return PacketCodec.read(text, FrameLimits.DEFAULTS);
  }

  @ParameterizedTest(name = "DI-10 a field that is not known is ignored: {0}")
  @ValueSource(
      strings = {
        "[\"^ \",\"~:type\",\"~:beat\",\"~:said\",7,\"~:received\",4,\"~:later\",[1]]",
        "[\"^ \",\"~:later\",null,\"~:received\",4,\"~:said\",7,\"~:type\",\"~:beat\",\"text\",1]"
      })
  void field(String beat) {
    assertThat(read(beat)).isEqualTo(new Packet.Beat(7, 4));
  }

  @Test
  @DisplayName("DI-10 nor is one of a message, or of a cause, whatever the order of the others")
  void fieldOfMessage() {
    assertThat(
            read(
                "[\"^ \",\"~:messages\",[[\"^"
                    + " \",\"~:count\",3,\"~:later\",1,\"~:target\",\"x\",\"~:type\",\"~:take\"],[\"^"
                    + " \",\"~:type\",\"~:close\",\"~:target\",\"x\",\"~:cause\",[\"^"
                    + " \",\"~:type\",\"a.B\",\"~:trace\",[],\"~:message\",\"m\"]]],"
                    + "\"~:number\",1,\"~:type\",\"~:batch\"]"))
        .isEqualTo(
            new Packet.Batch(
                1,
                0,
                List.of(new Message.Take("x", 3), new Message.Close("x", new Cause("a.B", "m")))));
  }

  @Test
  @DisplayName("DI-10 encodings that nobody here knows are no reason to refuse a hello")
  void encodings() {
    assertThat(
            read(
                "[\"^ \",\"~:type\",\"~:hello\",\"~:version\",1,\"~:name\",\"x\",\"~:encodings\","
                    + "[\"cbor\",[\"zip\",9],\"msgpack\"]]"))
        .isEqualTo(new Packet.Hello(1, "x", List.of("cbor", "msgpack"), null, 0, 0, null));
  }

  @ParameterizedTest(name = "DI-9 a type that is not known is a violation: {0}")
  @ValueSource(
      strings = {
        "[\"^ \",\"~:type\",\"~:later\"]",
        "[\"^ \",\"~:type\",\"~:batch\",\"~:number\",1,\"~:messages\","
            + "[[\"^ \",\"~:type\",\"~:later\",\"~:target\",\"x\"]]]"
      })
  void type(String frame) {
    assertThatThrownBy(() -> read(frame))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("is of type 'later'");
  }
}
