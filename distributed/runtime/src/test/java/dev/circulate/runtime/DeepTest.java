package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.unbounded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.Message;
import dev.circulate.service.Root;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DI-4: a window may be as wide as a program likes; no stack is as deep as a window is wide. */
class DeepTest {
  private static final int WINDOW = 50_000;
  private static final Limits LIMITS =
      Limits.builder().window(WINDOW).unacked(Integer.MAX_VALUE).build();

  private final OneSide side = new OneSide(LIMITS, Root.named("root").port(), _ -> {});

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
    Reference given = side.conversation().tables().give(channel, named);
    named.forEach(Parcel.Named::sent);
    side.hear(new Message.Take(given.guid(), WINDOW));
    assertThat(side.said()).map(said -> ((Message.Value) said).body()).isEqualTo(numbers());
  }

  @Test
  @DisplayName("DI-4 CH-4 as many puts as a window wait when credit for that many comes")
  void puts() {
    Channel<?> proxy =
        (Channel<?>)
            side.conversation().tables().resolve(new Reference("theirs", Rights.ALL, false));
    ProxyChannel<Object> face = face(proxy);
    for (int i = 0; i < WINDOW; i++) {
      face.putSide().putAsync(0, new Nobody());
    }
    assertThat(side.said()).hasSize(WINDOW);
    for (int i = 0; i < WINDOW; i++) {
      face.putSide().putAsync(i, new Nobody());
    }
    side.hear(new Message.Credit("theirs", WINDOW));
    assertThat(side.said()).map(said -> ((Message.Forward) said).body()).isEqualTo(numbers());
    assertThat(face.isClosed()).isFalse(); // held to here: its release is not among what is said
  }

  @SuppressWarnings("unchecked")
  private static ProxyChannel<Object> face(Channel<?> proxy) {
    return (ProxyChannel<Object>) proxy;
  }
}
