package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.contract.Forked;
import dev.circulate.runtime.codec.Codec;
import dev.circulate.runtime.codec.Handlers;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.codec.Tagged;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.time.DayOfWeek;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of a value that came for nobody when its proxy is collected. */
class GoingHomeTest {
  private final Channel<Thread> writers = chan(1);
  private final AtomicReference<@Nullable Channel<Object>> proxy = new AtomicReference<>();

  private Object write(DayOfWeek day) {
    writers.offer(Thread.currentThread());
    return day.name();
  }

  @SuppressWarnings("unchecked")
  private boolean keep(Request request) {
    proxy.set((Channel<Object>) request.argument("channel"));
    return true;
  }

  private Channel<Object> kept() {
    return Objects.requireNonNull(proxy.get());
  }

  @Test
  @DisplayName(
      "CH-15 DI-6 a value goes home as the program writes it, but in a go block of its own")
  void written() throws InterruptedException {
    Codec codec =
        Codec.JSON.with(
            Handlers.none()
                .with(
                    "day", DayOfWeek.class, this::write, text -> DayOfWeek.valueOf((String) text)));
    Root root = Root.named("root").handler("keep", this::keep);
    ScriptedLink link = new ScriptedLink();
    try (Peer _ = Peer.over(link).root(root).codec(codec).begin()) {
      assertThat(link.heard()).isInstanceOf(Packet.Hello.class);
      link.say(new Packet.Hello(1, "owner", List.of(), null, 0, 64, null));
      Reference channel = new Reference("theirs", Rights.ALL, false);
      Map<String, Object> keep = Map.of(Request.COMMAND, "keep", "channel", channel);
      link.say(new Packet.Batch(1, 0, List.of(new Message.Forward("root", keep, true, -1, 0))));
      until("the channel has come", () -> proxy.get() != null);
      Forked<@Nullable Object> taker = fork(() -> kept().take());
      assertThat(link.heard().toString()).contains("Take[");
      taker.interrupt();
      assertThat(taker.joinFailure(InterruptedException.class)).isNotNull();
      assertThat(link.heard().toString()).contains("Untake[");
      Object late = new Tagged("day", "MONDAY");
      link.say(
          new Packet.Batch(
              2, 0, List.of(new Message.Value("theirs", late), new Message.Untaken("theirs", 0))));
      until("a value has come for nobody", () -> kept().buffered() == 1);
      proxy.set(null);
      until(
          "it is written, to go home",
          () -> {
            System.gc();
            return writers.buffered() == 1;
          });
      assertThat(Objects.requireNonNull(writers.take()).isVirtual()).isTrue();
    }
  }
}
