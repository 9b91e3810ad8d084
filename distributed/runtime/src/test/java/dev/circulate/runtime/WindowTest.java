package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.PeerLostException;
import dev.circulate.WritePort;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.Pending;
import dev.circulate.internal.TakeHandler;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.ProtocolException;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DI-4, DI-5: what one side says of a channel when, message by message. */
class WindowTest {
  private static final int WINDOW = 4;
  private static final Limits LIMITS = Limits.builder().window(WINDOW).build();

  private final LocalChannel<Object> given =
      LocalChannel.open(new Buffer.Rendezvous(), "given", null);
  private final List<Object> undelivered = new ArrayList<>();

  @SuppressWarnings({"unchecked", "rawtypes"}) // its root takes whatever comes
  private final OneSide side = new OneSide(LIMITS, (WritePort) given, undelivered::add);

  private final Conversation conversation = side.conversation();

  /** The proxy for a channel of the peer's. */
  private ProxyChannel<?> proxy() {
    Object[] came = new Object[1];
    given.takeAsync(
        new TakeHandler<>() {
          @Override
          public void taken(Object value) {
            came[0] = value;
          }

          @Override
          public void ended(@Nullable Throwable cause) {}
        });
    side.hear(
        new Message.Forward("root", new Reference("theirs", Rights.ALL, false), false, -1, 0));
    assertThat(side.said()).isEmpty();
    return (ProxyChannel<?>) Objects.requireNonNull(came[0]);
  }

  private static void put(Channel<?> proxy, int values) {
    for (int i = 0; i < values; i++) {
      putOne(proxy, i);
    }
  }

  @SuppressWarnings("unchecked") // anything can be put
  private static Pending putOne(Channel<?> proxy, Object value) {
    return ((ProxyChannel<Object>) proxy).putSide().putAsync(value, new Nobody());
  }

  private static void take(ProxyChannel<?> proxy, int takers) {
    for (int i = 0; i < takers; i++) {
      proxy.takeSide().takeAsync(new Nobody());
    }
  }

  private List<Object> forwarded() {
    return side.said().stream()
        .map(message -> message instanceof Message.Forward forward ? forward.body() : message)
        .toList();
  }

  @Test
  @DisplayName("DI-4 no more than a window of values is on the way, whatever credit says")
  void puts() {
    ProxyChannel<?> proxy = proxy();
    put(proxy, 40);
    assertThat(forwarded()).hasSize(WINDOW);
    side.hear(new Message.Credit("theirs", 2));
    assertThat(forwarded()).hasSize(2);
    side.hear(new Message.Credit("theirs", 1_000));
    assertThat(forwarded()).hasSize(WINDOW);
    assertThat(forwarded()).isEmpty();
  }

  @Test
  @DisplayName("DI-4 credit that is more than an int can count is no more than a window")
  void endlessCredit() {
    ProxyChannel<?> proxy = proxy();
    put(proxy, 1);
    assertThat(forwarded()).hasSize(1);
    side.hear(new Message.Credit("theirs", Integer.MAX_VALUE));
    put(proxy, 40);
    assertThat(forwarded()).hasSize(WINDOW);
  }

  @Test
  @DisplayName("DI-5 CH-8 a close comes after the values before it, and has its cause")
  void close() {
    ProxyChannel<?> proxy = proxy();
    put(proxy, WINDOW + 2);
    proxy.close(new IllegalStateException("no more"));
    assertThat(forwarded()).hasSize(WINDOW).noneMatch(Message.class::isInstance);
    side.hear(new Message.Credit("theirs", WINDOW));
    List<Object> rest = forwarded();
    assertThat(rest).hasSize(3);
    assertThat(rest.getLast())
        .isEqualTo(
            new Message.Close(
                "theirs", new Message.Cause("java.lang.IllegalStateException", "no more")));
  }

  @Test
  @DisplayName("DI-5 DI-6 a close is told when the last put before it is given up, without credit")
  void closeAfterGivenUp() {
    ProxyChannel<?> proxy = proxy();
    put(proxy, WINDOW);
    List<Pending> waiting = List.of(putOne(proxy, "a"), putOne(proxy, "b"));
    proxy.close();
    assertThat(forwarded()).hasSize(WINDOW);
    for (Pending put : waiting) {
      assertThat(side.said()).isEmpty();
      assertThat(put.withdraw()).isTrue();
    }
    assertThat(side.said()).containsExactly(new Message.Close("theirs", null));
    proxy.held().abandon();
    assertThat(side.said()).containsExactly(new Message.Release("theirs", 1));
  }

  @Test
  @DisplayName("CH-8 the first cause wins, also where the close waits for the values before it")
  void firstCause() {
    ProxyChannel<?> proxy = proxy();
    put(proxy, WINDOW + 1);
    proxy.close(new IllegalStateException("first"));
    proxy.close(new IllegalStateException("second"));
    assertThat(forwarded()).hasSize(WINDOW);
    side.hear(new Message.Credit("theirs", WINDOW));
    assertThat(forwarded())
        .last()
        .isEqualTo(
            new Message.Close(
                "theirs", new Message.Cause("java.lang.IllegalStateException", "first")));
  }

  @Test
  @DisplayName("CH-3 of what came and was not taken no more is drained than is asked for")
  void drained() {
    ProxyChannel<?> proxy = proxy();
    for (int i = 0; i < 2; i++) {
      assertThat(proxy.takeSide().takeAsync(new Nobody()).withdraw()).isTrue();
    }
    side.hear(new Message.Value("theirs", "first"));
    side.hear(new Message.Value("theirs", "second"));
    assertThat((List<?>) proxy.drain(1)).isEqualTo(List.of("first"));
    assertThat((List<?>) proxy.drain(9)).isEqualTo(List.of("second"));
  }

  @Test
  @DisplayName("CH-8b a cancel has its cause")
  void cancel() {
    ProxyChannel<?> proxy = proxy();
    proxy.cancel(new IllegalStateException("enough"));
    assertThat(side.said())
        .contains(
            new Message.Cancel(
                "theirs", new Message.Cause("java.lang.IllegalStateException", "enough")));
  }

  @Test
  @DisplayName("DI-3 no more than a window of values is asked for, and more when some have come")
  void takes() {
    ProxyChannel<?> proxy = proxy();
    take(proxy, 40);
    assertThat(asked()).isEqualTo(WINDOW);
    side.hear(new Message.Value("theirs", "a value"));
    assertThat(asked()).isEqualTo(1);
  }

  private int asked() {
    return side.said().stream()
        .mapToInt(message -> message instanceof Message.Take(_, int takers) ? takers : 1_000)
        .sum();
  }

  @Test
  @DisplayName("DI-4 each value that was accepted gives credit once")
  void credit() {
    int values = 6;
    for (int i = 0; i < values; i++) {
      side.hear(new Message.Forward("root", "a value", false, -1, 0));
    }
    assertThat(given.drain(values)).hasSize(values);
    assertThat(credited()).isEqualTo(values);
  }

  private int credited() {
    return side.said().stream()
        .mapToInt(message -> message instanceof Message.Credit(_, int puts) ? puts : 1_000)
        .sum();
  }

  @Test
  @DisplayName("CH-4 what is too long for one frame is said in several, in order")
  void split() {
    put(proxy(), 4);
    assertThat(conversation.next(1)).isInstanceOf(Packet.Batch.class);
    assertThat(conversation.split()).isTrue();
    assertThat(conversation.next(1)).isInstanceOf(Packet.Batch.class);
    assertThat(conversation.split()).isTrue(); // half of it is too long, too
    assertThat(forwarded()).map(String::valueOf).containsExactly("0", "1", "2", "3");
  }

  @Test
  @DisplayName("DI-4 when a batch was too long those after it are small, and grow again")
  void growsAgain() {
    ProxyChannel<?> proxy = proxy();
    put(proxy, WINDOW);
    assertThat(saidAtOnce()).isEqualTo(WINDOW);
    assertThat(conversation.split()).isTrue();
    assertThat(saidAtOnce()).isEqualTo(WINDOW / 2);
    assertThat(saidAtOnce()).isEqualTo(WINDOW / 2);
    side.hear(new Message.Credit("theirs", WINDOW));
    put(proxy, WINDOW);
    assertThat(saidAtOnce()).isEqualTo(WINDOW);
  }

  private int saidAtOnce() {
    Packet.Batch batch = (Packet.Batch) Objects.requireNonNull(conversation.next(1));
    int messages = batch.messages().size();
    if (messages < WINDOW) { // a longer one is too long
      conversation.sized(10);
    }
    return messages;
  }

  @Test
  @DisplayName("CH-13 DI-8 a value that came for nobody is told of when its proxy follows its peer")
  void leftOverOfTheLost() {
    ProxyChannel<?> proxy = proxy();
    proxy.takeSide().takeAsync(new Nobody()).withdraw();
    side.said();
    side.hear(new Message.Value("theirs", "late"));
    conversation.end(new PeerLostException("peer", "gone"));
    conversation.fallSilent();
    assertThat(undelivered).isEmpty();
    proxy.held().abandon();
    assertThat(undelivered).containsExactly("late");
  }

  @ParameterizedTest(
      name = "DI-4 the root has a window of {0} if the hello, which came later, says so")
  @ValueSource(ints = {3, 64, 256})
  void ofTheRoot(int theirs) {
    WritePort<Request> ours = Root.named("root").port();
    WritePort<Request> root =
        new OneSide(Limits.DEFAULTS, ours, undelivered::add, theirs).conversation().remoteRoot();
    int puts = 0;
    while (root.offer(Request.of(Map.of(Request.COMMAND, "x")))) {
      puts++;
    }
    assertThat(puts).isEqualTo(theirs);
  }

  @Test
  @DisplayName("DI-4 DI-8b a request that is refused by one who leaves gives credit, too")
  void refused() {
    conversation.refuseRequests("leaving");
    for (int i = 0; i < WINDOW; i++) {
      Map<String, Object> request = Map.of(Request.COMMAND, "x");
      side.hear(new Message.Forward("root", request, true, -1, 0));
    }
    assertThat(credited()).isEqualTo(WINDOW);
  }

  private void loseThePeer() {
    conversation.end(new PeerLostException("peer", "gone"));
    conversation.fallSilent();
  }

  @Test
  @DisplayName("CH-13 DI-8 a request that wants no answer, and may not have arrived, is told of")
  void lostRequest() {
    Request request = Request.of(Map.of(Request.COMMAND, "log"));
    assertThat(conversation.remoteRoot().offer(request)).isTrue();
    assertThat(side.said()).hasSize(1);
    loseThePeer();
    assertThat(undelivered).containsExactly(request);
  }

  @Test
  @DisplayName("CH-13 DI-8 an answer that may not have arrived is told of")
  void lostAnswer() {
    Reference reply = new Reference("reply", Rights.PUT, true);
    Map<String, Object> call = Map.of(Request.COMMAND, "x", Request.RETURN, reply);
    side.hear(new Message.Forward("root", call, true, -1, 0));
    Request request = (Request) Objects.requireNonNull(given.poll());
    assertThat(Objects.requireNonNull(request.replyTo()).offer("answer")).isTrue();
    assertThat(side.said()).hasSize(1);
    loseThePeer();
    assertThat(undelivered).containsExactly("answer");
  }

  @Test
  @DisplayName("CH-13 DI-8 a value that went home, and may not have arrived, is told of")
  void lostOnItsWayHome() {
    ProxyChannel<?> proxy = proxy();
    proxy.takeSide().takeAsync(new Nobody()).withdraw();
    side.hear(new Message.Value("theirs", "late"));
    proxy.held().abandon();
    assertThat(side.said()).contains(new Message.Home("theirs", "late"));
    loseThePeer();
    assertThat(undelivered).containsExactly("late");
  }

  @Test
  @DisplayName("DI-3 a take that is given up is withdrawn; the next one when that was answered")
  void withdrawals() {
    ProxyChannel<?> proxy = proxy();
    List<Pending> takers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      takers.add(proxy.takeSide().takeAsync(new Nobody()));
    }
    assertThat(asked()).isEqualTo(3);
    assertThat(takers.get(0).withdraw()).isTrue();
    assertThat(side.said()).containsExactly(new Message.Untake("theirs", 1));
    assertThat(takers.get(1).withdraw()).isTrue();
    assertThat(side.said()).isEmpty();
    side.hear(new Message.Untaken("theirs", 1));
    assertThat(side.said()).containsExactly(new Message.Untake("theirs", 1));
  }

  @Test
  @DisplayName("DI-3 a take that is being withdrawn is in the window until that is answered")
  void fullWhileWithdrawn() {
    ProxyChannel<?> proxy = proxy();
    Pending first = proxy.takeSide().takeAsync(new Nobody());
    take(proxy, WINDOW - 1);
    assertThat(asked()).isEqualTo(WINDOW);
    assertThat(first.withdraw()).isTrue();
    assertThat(side.said()).containsExactly(new Message.Untake("theirs", 1));
    take(proxy, 1);
    assertThat(side.said()).isEmpty();
    side.hear(new Message.Untaken("theirs", 1));
    assertThat(asked()).isEqualTo(1);
  }

  @Test
  @DisplayName("DI-6 CH-12 a value that was confirmed is kept by nobody, though nothing came after")
  void confirmedIsNotKept() {
    WeakReference<Object> value = putOne(proxy());
    assertThat(conversation.next(1)).isInstanceOf(Packet.Batch.class);
    conversation.sized(10);
    boolean _ = conversation.hear(new Packet.Beat(0, 1), 10, 1);
    Await.collected(value);
  }

  @SuppressWarnings("unchecked") // anything can be put
  private static WeakReference<Object> putOne(ProxyChannel<?> proxy) {
    Object value = List.of(proxy.buffered(), "a value");
    ((ProxyChannel<Object>) proxy).putSide().putAsync(value, new Nobody());
    return new WeakReference<>(value);
  }

  @Test
  @DisplayName("DI-7 who has no room to say anything says how far it heard all the same")
  void confirmsWithoutRoom() {
    Request request = Request.of(Map.of(Request.COMMAND, "x"));
    assertThat(conversation.remoteRoot().offer(request)).isTrue();
    assertThat(conversation.next(1)).isInstanceOf(Packet.Batch.class);
    conversation.sized(LIMITS.unacked());
    assertThat(conversation.remoteRoot().offer(request)).isTrue();
    assertThat(conversation.hasNext()).isFalse();
    for (int i = 0; i < 32; i++) {
      side.hear(new Message.Credit("theirs", 1));
    }
    assertThat(conversation.hasNext()).isTrue();
    assertThat(conversation.next(1)).isEqualTo(new Packet.Beat(1, 32));
  }

  @Test
  @DisplayName("DI-6 DI-8 a lost peer is given nothing any more, and nothing of it is kept")
  void lostIsGivenNothing() {
    loseThePeer();
    Tables tables = conversation.tables();
    List<Runnable> afterwards =
        List.of(
            () -> tables.give(given, new ArrayList<>()),
            () -> tables.giveReply(given, new ArrayList<>()),
            () -> tables.resolve(new Reference("theirs", Rights.ALL, false)));
    for (Runnable late : afterwards) {
      assertThatThrownBy(late::run).isInstanceOf(PeerLostException.class);
    }
    assertThat(tables.held()).isEqualTo(new Peer.Held(0, 0));
  }

  @Test
  @DisplayName("DI-9 a take cannot be withdrawn when its value has come")
  void takenAndWithdrawn() {
    proxy().takeSide().takeAsync(new Nobody()).withdraw();
    assertThat(side.said()).hasSize(2);
    side.hear(new Message.Value("theirs", "late"));
    assertThatThrownBy(() -> side.hear(new Message.Untaken("theirs", 1)))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("1 takes of theirs withdrawn");
  }
}
