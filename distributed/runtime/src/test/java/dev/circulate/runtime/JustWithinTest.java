package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.WritePort;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.ProtocolException;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** DI-9: what is just within a limit is no violation, and one more is. */
class JustWithinTest {
  private static final WritePort<Request> ROOT = Root.named("root").port();

  private static OneSide side(Limits.Builder limits) {
    return new OneSide(limits.build(), ROOT, _ -> {});
  }

  /** Gives the peer a channel: the name that it has for it. */
  private static String give(OneSide side, Channel<?> channel) {
    List<Parcel.Named> named = new ArrayList<>();
    Reference reference = side.conversation().tables().give(channel, named);
    named.forEach(Parcel.Named::sent);
    return reference.guid();
  }

  @Test
  @DisplayName("DI-9 as many channels of the peer's are held as may be, the root one of them")
  void imports() {
    OneSide side = side(Limits.builder().imports(5));
    Tables tables = side.conversation().tables();
    List<Object> held = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      held.add(tables.resolve(new Reference("theirs " + i, Rights.ALL, false)));
    }
    assertThat(tables.held()).isEqualTo(new Peer.Held(0, 4));
    assertThatThrownBy(() -> tables.resolve(new Reference("another", Rights.ALL, false)))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("more than 5 channels held at once, the limit of this side");
    assertThat(held).doesNotHaveDuplicates();
  }

  @ParameterizedTest(name = "DI-3 DI-9 of windows {0} as many takes are asked as {1}")
  @CsvSource({"3, 64", "64, 64", "100, 100"})
  void takes(int window, int most) {
    OneSide side = side(Limits.builder().window(window));
    String name = give(side, chan());
    side.hear(new Message.Take(name, most));
    assertThatThrownBy(() -> side.hear(new Message.Take(name, 1)))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("more than %d takes asked of %s", most, name);
  }

  @ParameterizedTest(name = "DI-4 DI-9 of windows {0} as many values wait as {1}")
  @CsvSource({"3, 64", "64, 64", "100, 100"})
  void puts(int window, int most) {
    OneSide side = side(Limits.builder().window(window));
    String name = give(side, chan());
    for (int i = 0; i < most; i++) {
      side.hear(new Message.Forward(name, i, false, -1, 0));
    }
    assertThatThrownBy(() -> side.hear(new Message.Forward(name, most, false, -1, 0)))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("more than %d values on the way to %s", most, name);
  }
}
