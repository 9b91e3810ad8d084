package dev.circulate;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FanoutTest {
  private final Channel<Integer> tap = Csp.chan(1);
  private final WritePort<Integer> face = tap.writePort();

  @Test
  @DisplayName("CH-12 a channel keeps nothing of a fan-out that it was a tap of, and stays open")
  void keepsNothing() {
    List<WeakReference<?>> gone =
        List.of(
            after(fanout -> fanout.remove(face)),
            after(Fanout::removeAll),
            after(
                fanout -> {
                  fanout.add(new Fanout.Tap<>(face, SlowTap.DROP));
                  fanout.remove(face);
                }),
            after(fanout -> fanout.end(null)),
            after(
                fanout -> {
                  fanout.end(null);
                  fanout.add(new Fanout.Tap<>(face, SlowTap.DROP));
                }));
    until(
        () -> "none is left of " + gone.stream().map(WeakReference::get).toList(),
        () -> {
          System.gc();
          return gone.stream().allMatch(each -> each.get() == null);
        });
    assertThat(tap.isClosed()).isFalse();
  }

  private WeakReference<?> after(Consumer<Fanout<Integer>> leave) {
    Fanout<Integer> fanout = new Fanout<>();
    fanout.add(new Fanout.Tap<>(face, SlowTap.WAIT));
    leave.accept(fanout);
    return new WeakReference<>(fanout);
  }
}
