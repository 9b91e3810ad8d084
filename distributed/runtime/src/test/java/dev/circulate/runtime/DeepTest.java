package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.unbounded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.runtime.codec.Codec;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.Session;
import dev.circulate.service.Root;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DI-4: a window may be as wide as a program likes; no stack is as deep as a window is wide. */
class DeepTest {
  private static final int WINDOW = 50_000;
  private static final Limits LIMITS =
      Limits.builder().window(WINDOW).unacked(Integer.MAX_VALUE).build();

  private final Session session =
      new Session(
          new Session.Terms(
              LIMITS.beat().toNanos(), LIMITS.silence().toNanos(), LIMITS.unacked(), WINDOW),
          null,
          1);

  private final Conversation conversation =
      new Conversation(
          session,
          "peer",
          new Terms(Root.named("root").port(), LIMITS, Codec.JSON, _ -> {}, null, null),
          () -> {},
          Secrets::next,
          Runnable::run);

  private long heard;

  @BeforeEach
  void hello() {
    hear(new Packet.Hello(1, "peer", List.of(), null, 0, WINDOW, null));
  }

  private void hear(Packet packet) {
    boolean _ = conversation.hear(packet, 50, 1);
  }

  private void hear(Message message) {
    hear(new Packet.Batch(++heard, 0, List.of(message)));
  }

  /** How many messages of a type are said, in order of what is in them. */
  private List<Object> said(Class<? extends Message> type) {
    List<Object> bodies = new ArrayList<>();
    while (conversation.next(2) instanceof Packet.Batch batch) {
      conversation.sized(1);
      for (Message message : batch.messages()) {
        if (type.isInstance(message)) {
          bodies.add(
              switch (message) {
                case Message.Forward forward -> forward.body();
                case Message.Value value -> value.body();
                default -> message;
              });
        }
      }
    }
    return bodies;
  }

  private static List<Object> numbers() {
    List<Object> numbers = new ArrayList<>();
    for (int i = 0; i < WINDOW; i++) {
      numbers.add(i);
    }
    return numbers;
  }

  @Test
  @DisplayName("DI-4 CH-4 as many values as a window are there when that many takers come")
  void values() throws InterruptedException {
    Channel<Integer> channel = chan(unbounded());
    for (int i = 0; i < WINDOW; i++) {
      channel.put(i);
    }
    List<Parcel.Named> named = new ArrayList<>();
    Reference given = conversation.tables().give(channel, named);
    named.forEach(Parcel.Named::sent);
    hear(new Message.Take(given.guid(), WINDOW));
    assertThat(said(Message.Value.class)).isEqualTo(numbers());
  }

  @Test
  @DisplayName("DI-4 CH-4 as many puts as a window wait when credit for that many comes")
  void puts() {
    Channel<?> proxy =
        (Channel<?>) conversation.tables().resolve(new Reference("theirs", Rights.ALL, false));
    ProxyChannel<Object> face = face(proxy);
    for (int i = 0; i < WINDOW; i++) {
      face.putSide().putAsync(0, new Nobody());
    }
    assertThat(said(Message.Forward.class)).hasSize(WINDOW);
    for (int i = 0; i < WINDOW; i++) {
      face.putSide().putAsync(i, new Nobody());
    }
    hear(new Message.Credit("theirs", WINDOW));
    assertThat(said(Message.Forward.class)).isEqualTo(numbers());
  }

  @SuppressWarnings("unchecked")
  private static ProxyChannel<Object> face(Channel<?> proxy) {
    return (ProxyChannel<Object>) proxy;
  }
}
