package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.go;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.PeerLostException;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.service.Request;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Channels in messages. */
class TravelTest {
  private final TwoSpaces spaces = new TwoSpaces();

  /** A channel of b's, through which a sends whatever it likes. */
  private final Channel<Object> toB = chan(16);

  /** The proxy for it, as a holds it. */
  private Channel<Object> proxy;

  @BeforeEach
  void giveTheProxy() throws InterruptedException {
    proxy = given(spaces, toB);
  }

  /** The proxy for a channel that one side gives, as the other has it. */
  @SuppressWarnings("unchecked")
  private static Channel<Object> given(TwoSpaces spaces, Channel<Object> channel)
      throws InterruptedException {
    spaces.bRoot.handler("give", _ -> channel);
    return (Channel<Object>) Request.to(spaces.bRootProxy(), "give").as(Channel.class);
  }

  @AfterEach
  void close() {
    spaces.close();
  }

  private Object crossed(Object value) throws InterruptedException {
    assertThat(proxy.put(value)).isTrue();
    return Objects.requireNonNull(toB.take());
  }

  @Test
  @DisplayName(
      "DI-2 a channel at any depth arrives as a channel, and the same one is the same proxy")
  void nestedAndTwice() throws InterruptedException {
    Channel<String> mine = chan(4);
    Map<?, ?> arrived =
        (Map<?, ?>) crossed(Map.of("one", mine, "deep", List.of(Map.of("two", mine))));
    Object one = arrived.get("one");
    List<?> deep = (List<?>) Objects.requireNonNull(arrived.get("deep"));
    Object two = ((Map<?, ?>) deep.getFirst()).get("two");
    assertThat(one).isSameAs(two).isInstanceOf(Channel.class);
    assertThat(crossed(mine)).isSameAs(one);
  }

  @Test
  @DisplayName("DI-2 a proxy that is sent home is the original")
  void sentHome() throws InterruptedException {
    assertThat(crossed(proxy)).isSameAs(toB);
    assertThat(crossed(List.of(proxy))).isEqualTo(List.of(toB));
    assertThat(crossed(proxy.writePort())).isEqualTo(toB.writePort());
  }

  @Test
  @DisplayName("DI-2 a root is whose it is: sent home, and given by its owner")
  void roots() throws InterruptedException {
    spaces.bRoot.handler(
        "whose",
        request -> {
          @SuppressWarnings("unchecked") // a root takes requests
          WritePort<Request> root = (WritePort<Request>) request.argument("root");
          return Request.to(Objects.requireNonNull(root), "name").as(String.class);
        });
    assertThat(whose(spaces.bRootProxy())).isEqualTo("b-root");
    assertThat(whose(spaces.aRoot.port())).isEqualTo("a-root");
  }

  private String whose(WritePort<Request> root) throws InterruptedException {
    return Request.to(spaces.bRootProxy(), "whose").with("root", root).as(String.class);
  }

  @Test
  @DisplayName("DI-2 DI-6 a reply channel that is answered while it is sent home is the original")
  void replySentHome() throws InterruptedException {
    Channel<Object> mine = chan(1);
    Channel<Object> reply = chan(1);
    AtomicInteger read = new AtomicInteger();
    spaces.bRoot.handler(
        "meet",
        request -> {
          WritePort<Object> caller = Objects.requireNonNull(request.replyTo());
          Iterable<Object> answering =
              () -> {
                if (read.incrementAndGet() == 2) { // it is packed, and was only looked at before
                  assertThat(caller.offer(Map.of("answer", "meanwhile"))).isTrue();
                }
                return List.<Object>of().iterator();
              };
          @SuppressWarnings("unchecked")
          WritePort<Object> there = (WritePort<Object>) request.argument("there");
          return Objects.requireNonNull(there).put(List.of(caller, answering));
        });
    spaces.bRootProxy().put(Request.of(Map.of("_cmd", "meet", "_return", reply, "there", mine)));
    assertThat(mine.take()).isEqualTo(List.of(reply, List.of()));
    assertThat(reply.take()).isEqualTo(Map.of("answer", "meanwhile"));
    proxy.close();
    mine.close();
    spaces.awaitEmptyTables();
    assertThat(spaces.b.lost()).isNull();
  }

  @Test
  @DisplayName("DI-2 a proxy that is given to a third peer works there")
  void thirdPeer() throws InterruptedException {
    try (TwoSpaces others = new TwoSpaces()) {
      Channel<Object> fromC = givenToC(others);
      assertThat(fromC.put("from c to b, through a")).isTrue();
      assertThat(toB.take()).isEqualTo("from c to b, through a");
      go(() -> toB.put("and back"));
      assertThat(fromC.take()).isEqualTo("and back");
    }
  }

  @Test
  @DisplayName("DI-2 DI-8 a proxy that was given to a third peer dies with the one it leads to")
  void diesWithTheOwner() throws InterruptedException {
    try (TwoSpaces others = new TwoSpaces()) {
      Channel<Object> fromC = givenToC(others);
      Channel<Object> taking = go(fromC::take);
      Await.until("waiting taker", () -> proxy.waitingTakers() == 1, proxy::toString);
      spaces.link.cut(); // between b and a
      assertThatThrownBy(taking::take).isInstanceOf(ChannelFailedException.class);
      assertThat(fromC.put("late")).isFalse();
    }
  }

  @Test
  @DisplayName("DI-2 DI-8 a proxy that was given to a third peer dies with the one who gave it")
  void diesWithTheGiver() throws InterruptedException {
    try (TwoSpaces others = new TwoSpaces()) {
      Channel<Object> fromC = givenToC(others);
      others.link.cut(); // between a and c
      assertThatThrownBy(fromC::take).rootCause().isInstanceOf(PeerLostException.class);
    }
  }

  /** The proxy for b's channel, as c has it, to which a gave it. */
  @SuppressWarnings("unchecked")
  private Channel<Object> givenToC(TwoSpaces others) throws InterruptedException {
    Channel<Object> atC = chan(4);
    assertThat(given(others, atC).put(proxy)).isTrue();
    return (Channel<Object>) Objects.requireNonNull(atC.take());
  }

  @Test
  @DisplayName("DI-3 a channel can be sent, filled from the far side, and taken from there")
  @SuppressWarnings("unchecked")
  void bothEnds() throws InterruptedException {
    Channel<Integer> mine = chan();
    Channel<Integer> far = (Channel<Integer>) crossed(mine);
    go(() -> far.put(7));
    assertThat(mine.take()).isEqualTo(7);
    go(() -> mine.put(8));
    assertThat(far.take()).isEqualTo(8);
  }

  @Test
  @DisplayName(
      "CH-7 what its owner has closed takes nothing more from afar, though values are left")
  void closedByItsOwner() throws InterruptedException {
    toB.put("left");
    toB.close();
    Await.until("a proxy that knows", proxy::isClosed, proxy::toString);
    assertThat(proxy.put("late")).isFalse();
    assertThat(proxy.take()).isEqualTo("left");
    assertThat(proxy.take()).isNull();
  }

  @Test
  @DisplayName("DI-4 a slow taker stops a fast putter: a window of values is on the way, no more")
  @SuppressWarnings("unchecked")
  void backpressure() throws InterruptedException {
    Channel<Integer> mine = chan();
    Channel<Integer> far = (Channel<Integer>) crossed(mine);
    int sent = 0;
    while (far.waitingPutters() == 0) {
      int value = sent++;
      if (!far.offer(value)) {
        go(() -> far.put(value));
        Await.until("waiting putter", () -> far.waitingPutters() == 1, far::toString);
      }
    }
    assertThat(sent).as("a window, and the one that waits").isEqualTo(Limits.DEFAULTS.window() + 1);
    for (int i = 0; i < sent; i++) {
      assertThat(mine.take()).isEqualTo(i);
    }
  }

  @Test
  @DisplayName("DI-12 a face crosses with its rights and no more")
  void rights() throws InterruptedException {
    Channel<Integer> mine = chan(1);
    assertThat(crossed(mine.readPort()))
        .isInstanceOf(ReadPort.class)
        .isNotInstanceOf(WritePort.class)
        .isNotInstanceOf(AutoCloseable.class);
    assertThat(crossed(mine.writePort()))
        .isInstanceOf(WritePort.class)
        .isNotInstanceOf(ReadPort.class)
        .isNotInstanceOf(AutoCloseable.class);
  }

  @Test
  @DisplayName("a value that cannot be sent is refused where it is put, with its class and place")
  void unsendable() throws InterruptedException {
    assertThatThrownBy(() -> proxy.put(Map.of("list", List.of(1, new Object()))))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("java.lang.Object")
        .hasMessageContaining("list[1]");
    assertThat(crossed("after it")).isEqualTo("after it");
  }

  @Test
  @DisplayName("an answer that cannot be sent is an error for the caller, not a silence")
  void unsendableAnswer() {
    spaces.bRoot.handler("odd", _ -> new Object());
    assertThatThrownBy(() -> Request.to(spaces.bRootProxy(), "odd").done())
        .hasMessageContaining("java.lang.Object");
  }

  @Test
  @DisplayName("numbers, text, moments and records cross with what they mean")
  void values() throws InterruptedException {
    record Point(int x, long y) {}
    List<Object> plain =
        List.of(
            1,
            2L,
            1L << 40,
            (short) 3,
            (byte) 4,
            1.5f,
            2.5,
            true,
            "text \"\\ \u00e9 \ud83d\ude00 ~:not a keyword ^not a cache",
            'c',
            java.util.UUID.fromString("00000000-0000-0001-0000-000000000002"),
            java.time.Instant.ofEpochMilli(1_234_567),
            new java.math.BigDecimal("1.50"),
            java.math.BigInteger.TWO.pow(100),
            java.util.Set.of(1, 2),
            Map.of("a", 1, 2, "b"));
    assertThat(crossed(plain)).isEqualTo(plain);
    assertThat(crossed(new Point(1, 2))).isEqualTo(Map.of("x", 1, "y", 2L));
    assertThat((byte[]) crossed(new byte[] {1, -1})).containsExactly(1, -1);
    assertThat(crossed(Thread.State.RUNNABLE)).isEqualTo("RUNNABLE");
  }
}
