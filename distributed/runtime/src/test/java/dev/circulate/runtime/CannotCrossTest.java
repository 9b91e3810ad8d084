package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.ProtocolException;
import dev.circulate.service.Root;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What the holder of a channel is told, word by word, of a value in it that no codec can write: the
 * channel is over for this holder, and what is left stays for others.
 */
class CannotCrossTest {
  private final OneSide side = new OneSide(Limits.DEFAULTS, Root.named("root").port(), _ -> {});

  private static String given(OneSide to, Object port) {
    List<Parcel.Named> named = new ArrayList<>();
    Reference reference = to.conversation().tables().give(port, named);
    named.forEach(Parcel.Named::sent);
    return reference.guid();
  }

  private static Channel<Object> holding(Object... values) {
    Channel<Object> channel = chan(values.length);
    for (Object value : values) {
      assertThat(channel.offer(value)).isTrue();
    }
    return channel;
  }

  /** That this is all that was said, and ends in the holder's word that all is over, and why. */
  private static void assertOver(List<Message> said, String words) {
    assertThat(said)
        .isNotEmpty()
        .allSatisfy(
            message ->
                assertThat(message)
                    .isInstanceOfSatisfying(
                        Message.Closed.class,
                        closed ->
                            assertThat(closed.cause())
                                .extracting(Message.Cause::message)
                                .asString()
                                .contains(words)));
    assertThat(said.stream().map(message -> ((Message.Closed) message).drained()))
        .containsOnlyOnce(true)
        .last()
        .isEqualTo(true);
  }

  @Test
  @DisplayName("CH-8 DI-9 no later value is sent instead; a taker that gives up is withdrawn")
  void withdrawn() {
    Channel<Object> own = holding(new Object(), "good");
    String name = given(side, own);
    side.hear(new Message.Take(name, 2));
    assertOver(side.said(), "java.lang.Object");
    side.hear(new Message.Untake(name, 2));
    assertThat(side.said()).containsExactly(new Message.Untaken(name, 2));
    side.hear(new Message.Take(name, 1));
    side.hear(new Message.Untake(name, 2));
    assertThat(side.said()).containsExactly(new Message.Untaken(name, 1));
    assertThat(own.drain(2)).containsExactly("good");
  }

  @Test
  @DisplayName("CH-14 DI-9 what was sent before comes home, and is the next for those who are here")
  void home() {
    Channel<Object> own = holding("first", new Object(), "good");
    String name = given(side, own);
    side.hear(new Message.Take(name, 2));
    List<Message> said = side.said();
    assertThat(said).startsWith(new Message.Value(name, "first"));
    assertOver(said.subList(1, said.size()), "java.lang.Object");
    side.hear(new Message.Untake(name, 2));
    assertThat(side.said()).containsExactly(new Message.Untaken(name, 1));
    side.hear(new Message.Home(name, "first"));
    assertThat(own.drain(3)).containsExactly("first", "good");
    assertThatThrownBy(() -> side.hear(new Message.Home(name, "more")))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  @DisplayName(
      "DI-6 DI-9 who is given the channel again is told again; a new name means what is left")
  void givenAgain() {
    Channel<Object> own = holding(new Object(), "good");
    String name = given(side, own);
    side.hear(new Message.Take(name, 1));
    assertOver(side.said(), "java.lang.Object");
    assertThat(given(side, own)).isEqualTo(name);
    assertOver(side.said(), "java.lang.Object");
    side.hear(new Message.Release(name, 2));
    assertThat(side.conversation().tables().held()).isEqualTo(new Peer.Held(0, 0));
    String anew = given(side, own);
    side.hear(new Message.Take(anew, 1));
    assertThat(side.said()).contains(new Message.Value(anew, "good"));
  }

  @Test
  @DisplayName(
      "CH-8 DI-9 a channel that was closed without a cause is over for the holder with one")
  void closedBefore() {
    Channel<Object> own = holding(new Object(), "good");
    own.close();
    String name = given(side, own);
    assertThat(side.said()).containsExactly(new Message.Closed(name, null, false));
    side.hear(new Message.Take(name, 1));
    assertOver(side.said(), "java.lang.Object");
    assertThat(own.closeCause()).isNull();
  }

  @Test
  @DisplayName("CH-8 DI-9 a channel that was closed with a cause is over for the holder with that")
  void failedBefore() {
    Channel<Object> own = holding(new Object(), "good");
    own.close(new IllegalStateException("enough"));
    String name = given(side, own);
    List<Message> _ = side.said();
    side.hear(new Message.Take(name, 1));
    assertOver(side.said(), "enough");
  }

  @Test
  @DisplayName(
      "DI-9 DI-12 a channel that is not ours to close is over for whoever it was passed to")
  void passedOn() {
    OneSide owner = new OneSide(Limits.DEFAULTS, Root.named("root").port(), _ -> {});
    Object proxy =
        owner.conversation().tables().resolve(new Reference("theirs", Rights.parse("pt"), false));
    String name = given(side, proxy);
    side.hear(new Message.Take(name, 1));
    assertThat(owner.said()).containsExactly(new Message.Take("theirs", 1));
    owner.hear(new Message.Value("theirs", "half a pair: \ud83d"));
    assertOver(side.said(), "surrogate");
    assertThat(owner.said()).isEmpty();
    side.hear(new Message.Release(name, 1));
    assertThat(side.conversation().tables().held()).isEqualTo(new Peer.Held(0, 0));
  }
}
