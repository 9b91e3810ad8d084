package dev.circulate.rabbitmq;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Forked.forkPlatform;
import static dev.circulate.contract.Until.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.impl.LongStringHelper;
import dev.circulate.Csp;
import dev.circulate.UncaughtHandler;
import dev.circulate.contract.Forked;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The one connection to a broker, and those who use it. */
@Timeout(60)
class BrokerConnectionTest {
  /** The broker that whoever accepts at a door pretends to be. */
  private static Broker behind(ServerSocket door, Duration patience) throws IOException {
    URI uri = URI.create("amqp://127.0.0.1:" + door.getLocalPort());
    return Broker.of(AmqpAddress.of(uri), Patient.amqp(patience));
  }

  private static ServerSocket door() throws IOException {
    return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @Test
  @DisplayName("all who want the connection while one attempt is under way wait for that one")
  void oneAttempt() throws Exception {
    int waiting = 16;
    AtomicInteger attempts = new AtomicInteger();
    try (ServerSocket silent = door()) {
      Broker broker = behind(silent, Duration.ofSeconds(3));
      Thread.ofVirtual().start(() -> count(silent, attempts));
      List<Forked<Channel>> asking = new ArrayList<>();
      for (int i = 0; i < waiting; i++) {
        asking.add(fork(broker::channel));
      }
      for (Forked<Channel> each : asking) {
        assertThat(each.joinFailure(IOException.class)).hasMessageContaining("no broker answers");
      }
      broker.release();
    }
    assertThat(attempts).hasValue(1);
  }

  private static void count(ServerSocket door, AtomicInteger accepted) {
    try {
      while (true) {
        var _ = door.accept(); // it stays open, and silent
        accepted.incrementAndGet();
      }
    } catch (IOException _) {
      // the test is over
    }
  }

  @Test
  @DisplayName("the same user with the same options has the same connection, any other another")
  void ofItsOwn() throws IOException {
    AmqpAddress address = AmqpAddress.of(SharedBroker.uri());
    AmqpOptions options = Patient.amqp(Duration.ofSeconds(10));
    AmqpAddress other =
        AmqpAddress.of(URI.create("amqp://other:secret@%s:%d".formatted(address.host(), 5672)));
    List<Broker> all =
        List.of(
            Broker.of(address, options),
            Broker.of(address.node("b"), Patient.amqp(Duration.ofSeconds(10))),
            Broker.of(address, Patient.amqp(Duration.ofSeconds(11))),
            Broker.of(other, options));
    assertThat(all.get(1)).isSameAs(all.getFirst());
    assertThat(Set.copyOf(all)).hasSize(3);
    all.forEach(Broker::release);
  }

  @Test
  @DisplayName("DI-6 who has released the connection opens no other")
  void released() throws Exception {
    Broker broker =
        Broker.of(AmqpAddress.of(SharedBroker.uri()), Patient.amqp(Duration.ofSeconds(10)));
    Channel channel = broker.channel();
    broker.release();
    assertThat(channel.isOpen()).isFalse();
    assertThatThrownBy(broker::channel)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("was closed here");
  }

  @Test
  @DisplayName("DI-6 two who close at once release the connection once, and others keep it")
  void closedTwice() throws Exception {
    AmqpAddress address = AmqpAddress.of(SharedBroker.uri()).node("twice-" + UUID.randomUUID());
    AmqpOptions options = Patient.amqp(Duration.ofSeconds(10));
    Broker other = Broker.of(address, options);
    Channel channel = other.channel();
    for (int i = 0; i < 100; i++) {
      AmqpListener listener =
          Aside.call("listen", () -> AmqpListener.open(address.uri(), address, options, _ -> {}));
      CountDownLatch together = new CountDownLatch(2);
      List<Forked<Boolean>> closing = new ArrayList<>();
      for (int side = 0; side < 2; side++) {
        closing.add(forkPlatform(() -> closeWith(together, listener)));
      }
      for (Forked<Boolean> each : closing) {
        each.join();
      }
    }
    assertThat(channel.isOpen()).isTrue();
    Aside.call(
        "release",
        () -> {
          other.release();
          return true;
        });
  }

  private static boolean closeWith(CountDownLatch together, AmqpListener listener) {
    together.countDown();
    while (together.getCount() > 0) {
      Thread.onSpinWait();
    }
    listener.close();
    return true;
  }

  @Test
  @DisplayName("who connects to a node that has no AMQP channel left is told so, at once")
  void noChannelLeft() throws Exception {
    AmqpAddress address = AmqpAddress.of(QpidBroker.uri()).node("full-" + UUID.randomUUID());
    AmqpOptions options = Patient.amqp(PATIENCE);
    AmqpListener listener =
        Aside.call("listen", () -> AmqpListener.open(address.uri(), address, options, _ -> {}));
    Broker broker = Broker.of(address, options);
    UncaughtHandler before = Csp.setUncaughtHandler((_, _) -> {});
    try {
      takeAllChannels(broker);
      AmqpTransport transport = new AmqpTransport(); // with a connection of its own
      assertThatThrownBy(() -> transport.connect(address.uri()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no link to node '" + address.node())
          .hasMessageContaining("allows no more channels");
    } finally {
      Csp.setUncaughtHandler(before);
      listener.close();
      broker.release();
    }
  }

  private static void takeAllChannels(Broker broker) {
    assertThatThrownBy(
            () -> {
              while (true) {
                var _ = broker.channel();
              }
            })
        .hasMessageContaining("allows no more channels");
  }

  @Test
  @DisplayName("a broker that is lost while a user logs in is not said to refuse the password")
  void lostDuringLogin() throws Exception {
    try (ServerSocket door = door()) {
      Thread.ofVirtual().start(() -> askAndHangUp(door));
      Broker broker = behind(door, Duration.ofSeconds(10));
      assertThatThrownBy(broker::channel)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("ended the connection when user 'guest' logged in")
          .hasMessageContaining("password");
      broker.release();
    }
  }

  private static void askAndHangUp(ServerSocket door) {
    try (Socket client = door.accept()) {
      var start =
          new AMQP.Connection.Start.Builder()
              .mechanisms(LongStringHelper.asLongString("PLAIN"))
              .locales(LongStringHelper.asLongString("en_US"))
              .build();
      DataOutputStream out = new DataOutputStream(client.getOutputStream());
      ((com.rabbitmq.client.impl.Method) start).toFrame(0).writeTo(out);
      out.flush();
      byte[] headerAndBegin = client.getInputStream().readNBytes(8 + 1);
      assertThat(headerAndBegin).hasSize(9);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
