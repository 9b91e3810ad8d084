package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.FrameLimits;
import dev.circulate.runtime.codec.PacketCodec;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.ProtocolException;
import dev.circulate.service.Root;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DI-4: what a peer has put into a channel counts until it is taken, also when it let go. */
class LeftBehindTest {
  private static final int WINDOW = 64;
  private static final Limits LIMITS = Limits.builder().window(WINDOW).build();

  private final OneSide side = new OneSide(LIMITS, Root.named("root").port(), _ -> {});

  /** Gives the peer a channel: the name that it has for it. */
  private String give(Channel<Integer> channel) {
    List<Parcel.Named> named = new ArrayList<>();
    Reference reference = side.conversation().tables().give(channel, named);
    named.forEach(Parcel.Named::sent);
    return reference.guid();
  }

  private void put(String name, int values) {
    for (int i = 0; i < values; i++) {
      side.hear(new Message.Forward(name, i, false, -1, 0));
    }
  }

  private void giveFillAndRelease(Channel<Integer> channel) {
    String name = give(channel);
    put(name, WINDOW);
    side.hear(new Message.Release(name, 1));
  }

  @Test
  @DisplayName("DI-4 DI-9 proxies that are filled and let go leave two windows behind, not more")
  void rounds() {
    Channel<Integer> channel = chan();
    giveFillAndRelease(channel);
    giveFillAndRelease(channel);
    for (int round = 0; round < 3; round++) {
      assertThatThrownBy(() -> giveFillAndRelease(channel))
          .isInstanceOf(CodecException.class)
          .hasMessageContaining("the limit of this side");
    }
    assertThat(channel.waitingPutters()).isEqualTo(2 * WINDOW);
    assertThat(channel.drain(WINDOW))
        .containsExactlyElementsOf(IntStream.range(0, WINDOW).boxed().toList());
    giveFillAndRelease(channel); // there is room again
  }

  @Test
  @DisplayName("DI-4 DI-9 a put that is also the release of its proxy waits like any other")
  void putAndReleased() {
    Channel<Integer> channel = chan();
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 3 * WINDOW; i++) {
                side.hear(new Message.Forward(give(channel), i, false, -1, 1));
              }
            })
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("the limit of this side");
    assertThat(channel.waitingPutters()).isEqualTo(WINDOW + 1);
    assertThat(channel.drain(WINDOW)).hasSize(WINDOW);
    side.hear(new Message.Forward(give(channel), 0, false, -1, 1)); // there is room again
  }

  @Test
  @DisplayName("DI-4 DI-9 what was given again before each release arrived is honest, to a bound")
  void crossing() {
    Channel<Integer> channel = chan();
    String name = give(channel);
    for (int again = 0; again < 20; again++) {
      assertThat(give(channel)).isEqualTo(name);
    }
    for (int proxy = 0; proxy < 8; proxy++) {
      put(name, WINDOW);
      side.hear(new Message.Release(name, 1));
    }
    assertThat(channel.waitingPutters()).isEqualTo(8 * WINDOW);
    assertThatThrownBy(() -> put(name, 1)).isInstanceOf(ProtocolException.class);
  }

  @Test
  @DisplayName(
      "DI-4 DI-9 credit for what a proxy left behind may be its successor's: that is honest")
  void creditOfTheFormer() {
    Channel<Integer> channel = chan();
    String name = give(channel);
    assertThat(give(channel)).isEqualTo(name); // it crosses the release
    put(name, WINDOW);
    side.hear(new Message.Release(name, 1));
    assertThat(channel.drain(WINDOW)).hasSize(WINDOW);
    assertThat(credit(name)).isEqualTo(WINDOW);
    put(name, WINDOW); // the next proxy's own window
    put(name, WINDOW); // and what it was told of the values of the one before
    assertThat(channel.waitingPutters()).isEqualTo(2 * WINDOW);
    assertThat(channel.drain(2 * WINDOW)).hasSize(2 * WINDOW);
    assertThatThrownBy(() -> put(name, 2 * WINDOW + 1)).isInstanceOf(ProtocolException.class);
  }

  /** How much the peer is told that it may put more. */
  private int credit(String name) {
    return side.said().stream()
        .mapToInt(
            message ->
                message instanceof Message.Credit(String target, int puts) && target.equals(name)
                    ? puts
                    : 0)
        .sum();
  }

  @Test
  @DisplayName("DI-2 DI-6 a channel may be given more often than an int can count")
  void givenOften() {
    Channel<Integer> channel = chan();
    String name = give(channel);
    side.conversation().tables().export(name).given = Integer.MAX_VALUE;
    give(channel);
    side.hear(new Message.Release(name, Integer.MAX_VALUE));
    put(name, 1);
    assertThat(channel.poll()).isZero();
    side.hear(new Message.Release(name, 1));
    assertThat(side.conversation().tables().held()).isEqualTo(new Peer.Held(0, 0));
  }

  @Test
  @DisplayName("DI-2 DI-6 each mention in one body is a giving")
  void twiceInOneBody() {
    Tables tables = side.conversation().tables();
    Channel<Integer> channel = chan();
    List<Parcel.Named> named = new ArrayList<>();
    String name = tables.give(channel, named).guid();
    assertThat(tables.give(channel, named).guid()).isEqualTo(name);
    named.forEach(Parcel.Named::sent);
    side.hear(new Message.Release(name, 2));
    assertThat(tables.held()).isEqualTo(new Peer.Held(0, 0));
  }

  @Test
  @DisplayName("DI-2 a release of more than an int can count is read as what it is")
  void releasedOften() {
    String often =
        "[\"^ \",\"~:type\",\"~:batch\",\"~:number\",1,\"~:messages\",[[\"^ \","
            + "\"^0\",\"~:release\",\"~:target\",\"0a\",\"~:count\",5000000000]]]";
    assertThat(PacketCodec.write(PacketCodec.read(often, FrameLimits.DEFAULTS))).isEqualTo(often);
  }

  @Test
  @DisplayName("DI-6 when all is taken nothing is known of what a proxy left behind")
  void forgotten() {
    Channel<Integer> channel = chan();
    giveFillAndRelease(channel);
    giveFillAndRelease(channel);
    assertThat(channel.drain(2 * WINDOW)).hasSize(2 * WINDOW);
    assertThat(side.conversation().tables().held()).isEqualTo(new Peer.Held(0, 0));
    String name = give(channel);
    put(name, WINDOW); // and one window only
    assertThatThrownBy(() -> put(name, 1))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("more than 64 values on the way");
  }

  @Test
  @DisplayName("DI-4 a proxy for each put is no more than that while somebody takes")
  void proxyForEachPut() {
    Channel<Integer> channel = chan();
    for (int i = 0; i < 10 * WINDOW; i++) {
      String name = give(channel);
      put(name, 1);
      side.hear(new Message.Release(name, 1));
      if (i >= 10) {
        assertThat(channel.poll()).isZero();
      }
    }
    assertThat(channel.waitingPutters()).isEqualTo(10);
  }

  @Test
  @DisplayName("DI-6 CH-12 a channel is not kept for what waits in it")
  void unreachable() {
    Await.collected(new WeakReference<>(filled()));
  }

  @Test
  @DisplayName("DI-6 CH-12 a channel that comes back before it is noted that it left keeps nothing")
  void backAtOnce() {
    Channel<Integer> channel = chan();
    Await.collected(backAtOnce(channel));
    assertThat(channel.isClosed()).isFalse();
  }

  private static WeakReference<Conversation> backAtOnce(Channel<Integer> channel) {
    OneSide other = new OneSide(LIMITS, Root.named("other").port(), _ -> {});
    List<Parcel.Named> named = new ArrayList<>();
    Reference reference = other.conversation().tables().give(channel, named);
    other.hear(new Message.Release(reference.guid(), 1));
    named.forEach(Parcel.Named::sent);
    return new WeakReference<>(other.conversation());
  }

  private Channel<Integer> filled() {
    Channel<Integer> channel = chan();
    giveFillAndRelease(channel);
    return channel;
  }

  @Test
  @DisplayName("DI-4 each channel has a window of its own, however much waits in others")
  void eachItsOwn() {
    List<Channel<Integer>> channels = List.of(chan(), chan(), chan());
    channels.forEach(channel -> put(give(channel), WINDOW));
    assertThat(channels).extracting(Channel::waitingPutters).containsOnly(WINDOW);
  }
}
