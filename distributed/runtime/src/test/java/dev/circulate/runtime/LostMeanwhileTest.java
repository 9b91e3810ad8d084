package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.PeerLostException;
import dev.circulate.UncaughtHandler;
import dev.circulate.WritePort;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.Message;
import dev.circulate.service.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DI-8: what is in somebody's hands at the moment at which the peer is lost. */
class LostMeanwhileTest {
  private final Ear peer = new Ear();
  private final Import held =
      new Import(peer, new Reference("theirs", Rights.ALL, false), "the peer");
  private final List<Object> told = new ArrayList<>();

  /** From now on nothing can be written for the peer. */
  private void lose(RuntimeException why) {
    peer.meanwhile =
        () -> {
          throw why;
        };
  }

  private void lose() {
    lose(new PeerLostException("the peer", "no link came"));
  }

  @Test
  @DisplayName("DI-8 CH-5 a value that was just taken for the peer is there for others")
  void takenForIt() {
    Tables tables = new Tables(peer, "the peer", Limits.DEFAULTS, Secrets::next);
    Channel<Object> own = chan(1);
    List<Parcel.Named> names = new ArrayList<>();
    Reference given = tables.give(own, names);
    names.forEach(Parcel.Named::sent);
    tables.export(given.guid()).take(1);
    lose();
    assertThat(own.offer("value")).isTrue();
    assertThat(own.poll()).isEqualTo("value");
  }

  @Test
  @DisplayName("DI-8 CH-13 a value that was about to go home is undelivered")
  void onItsWayHome() {
    held.receive();
    held.receiver().inbound().takeAsync(new Nobody());
    held.cancel(null);
    lose();
    held.receiver().value("late");
    assertThat(peer.undelivered).containsExactly("late");
  }

  @Test
  @DisplayName("DI-8 CH-13 an answer that was just put is undelivered")
  void answer() {
    Import reply = new Import(peer, new Reference("reply", Rights.PUT, true), "the peer");
    reply.receive();
    lose();
    reply.sender().outbound().putAsync("answer", new Nobody());
    assertThat(peer.undelivered).containsExactly("answer");
  }

  private void ask(WritePort<?> reply) {
    held.receive();
    lose();
    Request request = Request.of(Map.of(Request.COMMAND, "x", Request.RETURN, reply));
    held.sender().outbound().putAsync(request, new Nobody());
    assertThat(peer.undelivered).isEmpty();
  }

  @Test
  @DisplayName("DI-8 SV-4 a request that was just put closes its caller's channel with peer lost")
  void request() {
    Channel<Object> reply = chan(1);
    ask(reply);
    assertThat(reply.closeCause()).isInstanceOf(PeerLostException.class);
  }

  @Test
  @DisplayName("DI-8 SV-4 one whose answer is only to be put is answered with peer lost")
  void requestOfAnother() {
    Channel<Object> reply = chan(1);
    ask(reply.writePort());
    assertThat(String.valueOf(reply.poll())).contains("code=peer-lost");
    assertThat(reply.isClosed()).isFalse();
  }

  /** What was reported while something is done. */
  private static List<Throwable> reported(Runnable task) {
    List<Throwable> reported = new ArrayList<>();
    UncaughtHandler before = Csp.setUncaughtHandler((_, failure) -> reported.add(failure));
    try {
      task.run();
    } finally {
      Csp.setUncaughtHandler(before);
    }
    return reported;
  }

  @Test
  @DisplayName("CH-13 a value that was accepted, and cannot be written any more, is undelivered")
  void cannotBeWritten() {
    held.receive();
    CodecException why = new CodecException("somebody has changed it");
    lose(why);
    assertThat(reported(() -> held.sender().outbound().putAsync("changed", new Nobody())))
        .containsExactly(why);
    assertThat(peer.undelivered).containsExactly("changed");
    peer.meanwhile = Voice.NOTHING;
    held.sender().outbound().putAsync("next", new Nobody());
    assertThat(peer.said).containsExactly(new Message.Forward("theirs", "next", false, -1, 0));
  }

  // ---- what the hook is told of a whole session

  private void tell(Object value) {
    told.add(value);
    throw new IllegalStateException("no room for " + value);
  }

  private @Nullable Conversation conversation;

  /** A session whose peer is lost when these were sent to its root, and may not have arrived. */
  private void lost(Request... requests) {
    OneSide side = new OneSide(Limits.DEFAULTS, chan(), this::tell);
    conversation = side.conversation();
    for (Request request : requests) {
      assertThat(conversation.remoteRoot().offer(request)).isTrue();
    }
    assertThat(side.said()).hasSize(requests.length);
    conversation.end(new PeerLostException("peer", "gone"));
    conversation.fallSilent();
  }

  @Test
  @DisplayName("CH-13 DI-8 a request whose caller is told of the lost peer is not undelivered, too")
  void callerIsTold() {
    Channel<Object> reply = chan(1);
    lost(Request.of(Map.of(Request.COMMAND, "x", Request.RETURN, reply)));
    assertThat(told).isEmpty();
    assertThat(reply.closeCause()).isInstanceOf(PeerLostException.class);
  }

  @Test
  @DisplayName(
      "CH-13 CH-15 what the hook throws is reported, and it is told of the next all the same")
  void hookThrows() {
    Request first = Request.of(Map.of(Request.COMMAND, "first"));
    Request second = Request.of(Map.of(Request.COMMAND, "second"));
    List<Throwable> reported = reported(() -> lost(first, second));
    assertThat(told).containsExactly(first, second);
    assertThat(reported)
        .extracting(Objects::toString)
        .containsExactly(
            "java.lang.IllegalStateException: no room for " + first,
            "java.lang.IllegalStateException: no room for " + second);
  }

  // ---- what comes to an end meanwhile

  @Test
  @DisplayName("DI-6 CH-7 a channel that has ended is released when no value is left here")
  void lastValue() {
    held.receive();
    held.receiver().inbound().takeAsync(new Nobody()).withdraw();
    held.receiver().value("last");
    held.receiver().untaken(0);
    held.closedThere(null, true);
    assertThat(peer.said).noneMatch(Message.Release.class::isInstance);
    assertThat(held.receiver().inbound().poll()).isEqualTo("last");
    assertThat(held.receiver().inbound().poll()).isNull();
    assertThat(peer.said).endsWith(new Message.Release("theirs", 1));
  }

  @Test
  @DisplayName("CH-8 a proxy that was closed here knows with which cause its takers end")
  void causeOfTheTakers() {
    Channel<?> proxy = Objects.requireNonNull(held.receive());
    proxy.close();
    held.closedThere(new Message.Cause("java.io.IOException", "disk full"), true);
    assertThat(proxy.closeCause()).hasMessageContaining("disk full");
  }
}
