package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Buffer;
import dev.circulate.PeerLostException;
import dev.circulate.WritePort;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.TakeHandler;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * CH-9: what a promise gave to a peer is there for everyone all the same, whatever becomes of it.
 */
class GivenPromiseTest {
  private final LocalChannel<Object> root =
      LocalChannel.open(new Buffer.Rendezvous(), "root", null);

  @SuppressWarnings({"unchecked", "rawtypes"}) // its root takes whatever comes
  private final OneSide side = new OneSide(Limits.DEFAULTS, (WritePort) root, _ -> {});

  private final List<Object> undelivered = new ArrayList<>();
  private final LocalChannel<Object> promise =
      LocalChannel.open(new Buffer.Promise(), "promise", undelivered::add);

  /** The peer gets the promise by a channel of its own, and asks for its value. */
  private String takenByThePeer(int times) {
    AtomicReference<@Nullable Object> theirs = new AtomicReference<>();
    root.takeAsync(
        new TakeHandler<>() {
          @Override
          public void taken(Object value) {
            theirs.set(value);
          }

          @Override
          public void ended(@Nullable Throwable cause) {}
        });
    side.hear(
        new Message.Forward("root", new Reference("theirs", Rights.ALL, false), false, -1, 0));
    put((ProxyChannel<?>) Objects.requireNonNull(theirs.get()));
    Message.Forward given = (Message.Forward) side.said().getFirst();
    String guid = ((Reference) given.body()).guid();
    side.hear(new Message.Take(guid, times));
    return guid;
  }

  @SuppressWarnings("unchecked") // anything can be put
  private void put(ProxyChannel<?> proxy) {
    ((ProxyChannel<Object>) proxy).putSide().putAsync(promise, new Nobody());
  }

  private void losePeer() {
    side.conversation().end(new PeerLostException("peer", "gone"));
    side.conversation().fallSilent();
  }

  private void assertThereOnce(Object value) {
    assertThat(undelivered).isEmpty();
    assertThat(promise.buffered()).isEqualTo(1);
    assertThat(promise.poll()).isSameAs(value);
    promise.cancel();
    assertThat(undelivered).containsExactly(value);
  }

  @Test
  @DisplayName("CH-9 CH-13 what is on its way from a promise to a peer that is lost is there")
  void lost() {
    promise.offer("kept");
    String guid = takenByThePeer(2);
    Message value = new Message.Value(guid, "kept");
    assertThat(side.said()).containsExactly(value, value);
    losePeer();
    assertThereOnce("kept");
  }

  @Test
  @DisplayName("CH-9 CH-14 what comes home to a promise is there once, and is the original")
  void home() {
    promise.offer("kept");
    String guid = takenByThePeer(2);
    assertThat(side.said()).hasSize(2);
    side.hear(new Message.Home(guid, "a copy"));
    side.hear(new Message.Home(guid, "a copy"));
    assertThereOnce("kept");
  }

  @Test
  @DisplayName("CH-9 CH-13 what a promise has and cannot be sent is there for those who are here")
  void unsendable() {
    Object wordless = new Object();
    promise.offer(wordless);
    String _ = takenByThePeer(1);
    assertThat(promise.isClosed()).isTrue();
    assertThereOnce(wordless);
  }
}
