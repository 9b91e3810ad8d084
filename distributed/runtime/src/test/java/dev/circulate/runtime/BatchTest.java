package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.runtime.codec.PacketCodec;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import dev.circulate.service.Root;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How messages share a frame. */
class BatchTest {
  @Test
  @DisplayName("DI-9 no more messages share a frame than a list may have elements")
  void collection() {
    Limits limits = Limits.builder().collection(64).build();
    Conversation conversation =
        new OneSide(limits, Root.named("root").port(), _ -> {}).conversation();
    for (int i = 0; i < 300; i++) {
      conversation.say(new Message.Credit("a name", 1));
    }
    int said = 0;
    while (conversation.hasNext()) {
      Packet packet = Objects.requireNonNull(conversation.next(2));
      String text = PacketCodec.write(packet);
      PacketCodec.read(text, limits.frame());
      conversation.sized(text.length());
      said += ((Packet.Batch) packet).messages().size();
    }
    assertThat(said).isEqualTo(300);
  }
}
