package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.session.Message;
import dev.circulate.service.Root;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * CH-4, DI-5: what a peer asks of a channel is done in its order, by whichever name or face of it,
 * also where that is done in go blocks, since the program's hook may be called.
 */
class FacesInOrderTest {
  private final Deque<Runnable> blocks = new ArrayDeque<>();
  private final OneSide side =
      OneSide.withBlocks(Limits.DEFAULTS, Root.named("root").port(), blocks::addLast);
  private final Channel<Integer> channel =
      Channel.<Integer>builder().buffer(Csp.fixed(4)).onUndelivered(_ -> {}).open();

  /** Gives the peer a port: the name that it has for it. */
  private String give(Object port) {
    List<Parcel.Named> named = new ArrayList<>();
    Reference reference = side.conversation().tables().give(port, named);
    named.forEach(Parcel.Named::sent);
    return reference.guid();
  }

  private void put(String name, int value) {
    side.hear(new Message.Forward(name, value, false, -1, 0));
  }

  /** The go block that began last is the quickest. */
  private void runLastFirst() {
    while (!blocks.isEmpty()) {
      blocks.removeLast().run();
    }
  }

  @Test
  @DisplayName("CH-4 DI-5 what is put by a face comes before what is done by the whole after that")
  void faces() {
    String face = give(channel.writePort());
    String whole = give(channel);
    put(face, 1);
    put(whole, 2);
    side.hear(new Message.Close(whole, null));
    runLastFirst();
    assertThat(channel.drain(4)).containsExactly(1, 2);
    assertThat(channel.isClosed()).isTrue();
  }

  @Test
  @DisplayName("CH-4 what is put before a release comes before what the next proxy puts")
  void namedAgain() {
    String name = give(channel);
    put(name, 1);
    side.hear(new Message.Release(name, 1));
    String again = give(channel);
    assertThat(again).isNotEqualTo(name);
    put(again, 2);
    runLastFirst();
    assertThat(channel.drain(4)).containsExactly(1, 2);
  }
}
