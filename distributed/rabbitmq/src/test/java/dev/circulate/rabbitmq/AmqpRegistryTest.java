package dev.circulate.rabbitmq;

import static dev.circulate.contract.Until.PATIENCE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.circulate.Csp;
import dev.circulate.runtime.Discovery;
import dev.circulate.runtime.WatchfulDiscoveryContract;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Discovery by what nodes say of themselves over a broker: these nodes speak by hand. */
class AmqpRegistryTest extends WatchfulDiscoveryContract {
  private static final Duration BEAT = Duration.ofMillis(100);

  private Connection connection;

  @BeforeEach
  void connect() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(OwnBroker.uri());
    connection = factory.newConnection();
  }

  @AfterEach
  void disconnect() throws IOException {
    connection.close();
  }

  @Override
  protected Discovery discovery() throws IOException {
    AmqpAddress address = AmqpAddress.of(OwnBroker.uri());
    return Aside.call("open", () -> AmqpRegistry.open(address, AmqpOptions.DEFAULTS, BEAT));
  }

  @Override
  protected Mortal start(String name, Set<String> services) throws IOException {
    return new ByHand(connection.createChannel(), name, services);
  }

  @Test
  @DisplayName("DI-8b a node that has left is not announced again")
  void leftForGood() throws Exception {
    String node = "leaver-" + UUID.randomUUID();
    try (AmqpRegistry here = (AmqpRegistry) discovery();
        AmqpRegistry there = (AmqpRegistry) discovery()) {
      dev.circulate.Channel<Discovery.Event> events = there.events();
      here.announce(new Discovery.Offer(node, OwnBroker.uri(), Set.of("x")));
      assertThat(next(events, node)).isEqualTo(Discovery.Event.Kind.CAME);
      here.leave(node);
      assertThat(next(events, node)).isEqualTo(Discovery.Event.Kind.LEFT);
      assertThat(events.poll(BEAT.multipliedBy(5))).isNull();
    }
  }

  @Test
  @DisplayName("a node may offer as many services as there can be, with names as long, and no more")
  void manyServices() throws Exception {
    String node = "rich-" + UUID.randomUUID();
    Set<String> services = new TreeSet<>();
    for (int i = 0; i < 1_000; i++) {
      services.add("€".repeat(196) + (1_000 + i));
    }
    try (AmqpRegistry here = (AmqpRegistry) discovery();
        AmqpRegistry there = (AmqpRegistry) discovery()) {
      dev.circulate.Channel<Discovery.Event> events = there.events();
      here.announce(new Discovery.Offer(node, OwnBroker.uri(), services));
      Discovery.Event came = requireNonNull(events.poll(PATIENCE), "no event came");
      assertThat(came.offer().services()).isEqualTo(services);
      services.add("one more");
      assertRefused(
          here, new Discovery.Offer(node, OwnBroker.uri(), services), "1000 is the limit");
      assertRefused(
          here, new Discovery.Offer(node, OwnBroker.uri(), Set.of("x".repeat(201))), "1 to 200");
    }
  }

  @Test
  @DisplayName("a node under a name that nobody would take is refused where it is announced")
  void badName() throws Exception {
    try (AmqpRegistry here = (AmqpRegistry) discovery()) {
      for (String name : List.of("", "two words", "x".repeat(101))) {
        assertRefused(
            here, new Discovery.Offer(name, OwnBroker.uri(), Set.of("x")), "1 to 100 letters");
      }
    }
  }

  @Test
  @DisplayName("who joins while the last other node leaves joins all the same")
  void lastLeaves() throws Exception {
    Channel other = connection.createChannel();
    AtomicInteger times = new AtomicInteger();
    try (Wire wire = new Wire(OwnBroker.uri())) {
      wire.before(
          Wire.Method.EXCHANGE_DECLARED,
          () -> {
            if (times.incrementAndGet() <= 2) {
              assertThatCode(() -> other.exchangeDelete(Announcement.EXCHANGE))
                  .doesNotThrowAnyException();
            }
          });
      AmqpAddress address = AmqpAddress.of(wire.uri());
      Aside.call("open", () -> AmqpRegistry.open(address, AmqpOptions.DEFAULTS, BEAT)).close();
      assertThat(times).hasValue(3);
    }
  }

  private static AmqpRegistry open(URI broker, Duration beat) throws IOException {
    AmqpAddress address = AmqpAddress.of(broker);
    return Aside.call("open", () -> AmqpRegistry.open(address, AmqpOptions.DEFAULTS, beat));
  }

  private static void say(Channel channel, Announcement word) throws IOException {
    channel.basicPublish(Announcement.EXCHANGE, "", word.properties(), word.body());
  }

  @Test
  @DisplayName("DI-8 a node that begins anew has left and come; its former life's word is nothing")
  void beginsAnew() throws Exception {
    String node = "anew-" + UUID.randomUUID();
    Channel speaker = connection.createChannel();
    try (AmqpRegistry registry = open(OwnBroker.uri(), BEAT)) {
      dev.circulate.Channel<Discovery.Event> events = registry.events();
      say(speaker, Announcement.here(node, "first", Set.of("x"), Duration.ofMinutes(1)));
      assertThat(next(events, node)).isEqualTo(Discovery.Event.Kind.CAME);
      say(speaker, Announcement.here(node, "second", Set.of("x"), Duration.ofMinutes(1)));
      assertThat(next(events, node)).isEqualTo(Discovery.Event.Kind.LEFT);
      assertThat(next(events, node)).isEqualTo(Discovery.Event.Kind.CAME);
      say(speaker, Announcement.leave(node, "first"));
      String other = "other-" + UUID.randomUUID();
      say(speaker, Announcement.here(other, "first", Set.of("x"), Duration.ofMinutes(1)));
      assertThat(next(events, other)).isEqualTo(Discovery.Event.Kind.CAME);
      say(speaker, Announcement.leave(node, "second"));
      assertThat(next(events, node)).isEqualTo(Discovery.Event.Kind.LEFT);
    }
  }

  @Test
  @DisplayName("who joins hears at once of those that are there, however seldom they say so")
  void joinsLate() throws Exception {
    String node = "quiet-" + UUID.randomUUID();
    try (AmqpRegistry quiet = open(OwnBroker.uri(), Duration.ofMinutes(1));
        AmqpRegistry first = open(OwnBroker.uri(), BEAT)) {
      dev.circulate.Channel<Discovery.Event> events = first.events();
      quiet.announce(new Discovery.Offer(node, OwnBroker.uri(), Set.of("x")));
      assertThat(next(events, node)).isEqualTo(Discovery.Event.Kind.CAME);
      try (AmqpRegistry late = open(OwnBroker.uri(), BEAT)) {
        assertThat(next(late.events(), node)).isEqualTo(Discovery.Event.Kind.CAME);
      }
    }
  }

  @Test
  @DisplayName("DI-8 while the broker is away nobody counts as gone, and each has its time again")
  void brokerIsAway() throws Exception {
    String node = "patient-" + UUID.randomUUID();
    Duration expires = BEAT.multipliedBy(3);
    try (Wire wire = new Wire(OwnBroker.uri());
        AmqpRegistry witness = open(OwnBroker.uri(), BEAT);
        AmqpRegistry registry = open(wire.uri(), BEAT)) {
      dev.circulate.Channel<Discovery.Event> seen = witness.events();
      dev.circulate.Channel<Discovery.Event> events = registry.events();
      Channel speaker = connection.createChannel();
      Announcement here = Announcement.here(node, "run", Set.of("x"), expires);
      say(speaker, here);
      assertThat(next(events, node)).isEqualTo(Discovery.Event.Kind.CAME);
      wire.away(true);
      assertThat(next(seen, node)).isEqualTo(Discovery.Event.Kind.CAME);
      assertThat(next(seen, node)).isEqualTo(Discovery.Event.Kind.LEFT); // its word is over
      wire.away(false);
      String other = "other-" + UUID.randomUUID();
      Announcement marker = Announcement.here(other, "run", Set.of("x"), expires);
      Discovery.Event event = null;
      while (event == null) {
        say(speaker, here);
        say(speaker, marker);
        event = events.poll(BEAT);
      }
      assertThat(event.offer().node()).isEqualTo(other);
      assertThat(event.kind()).isEqualTo(Discovery.Event.Kind.CAME);
    }
  }

  @Test
  @DisplayName("DI-8 a node's word holds for three times as long as it takes it to say the next")
  void expires() throws Exception {
    Channel ear = connection.createChannel();
    dev.circulate.Channel<Announcement> heard = Csp.chan(Csp.unbounded());
    try (AmqpRegistry registry = open(OwnBroker.uri(), BEAT)) {
      String queue = ear.queueDeclare().getQueue();
      ear.queueBind(queue, Announcement.EXCHANGE, "");
      ear.basicConsume(
          queue,
          true,
          (_, word) ->
              heard.offer(requireNonNull(Announcement.of(word.getProperties(), word.getBody()))),
          _ -> {});
      String node = "holds-" + UUID.randomUUID();
      registry.announce(new Discovery.Offer(node, OwnBroker.uri(), Set.of("x")));
      Announcement word;
      do {
        word = requireNonNull(heard.poll(PATIENCE), "nothing was heard");
      } while (!word.node().equals(node));
      assertThat(word.expires()).isEqualTo(BEAT.multipliedBy(3));
    }
  }

  @Test
  @DisplayName("DI-9 a word that is to hold for longer than words may is none")
  void holdsTooLong() {
    Duration longest = Duration.ofMinutes(5);
    for (Duration held : List.of(longest, longest.plusMillis(1))) {
      Announcement word = Announcement.here("node", "run", Set.of("x"), held);
      assertThat(Announcement.of(word.properties(), word.body()))
          .isEqualTo(held.equals(longest) ? word : null);
    }
  }

  @Test
  @DisplayName("DI-9 no more nodes are known than a registry keeps, whoever speaks of more")
  void manyNodes() throws Exception {
    String service = "many-" + UUID.randomUUID();
    Channel speaker = connection.createChannel();
    try (AmqpRegistry registry = open(OwnBroker.uri(), BEAT)) {
      dev.circulate.Channel<Discovery.Event> events = registry.events();
      Duration expires = Duration.ofMinutes(1);
      for (int i = 0; i <= 10_000; i++) {
        say(speaker, Announcement.here("many-" + i, service, Set.of(service), expires));
      }
      for (int i = 0; i < 10_000; i++) {
        next(events, "many-" + i);
      }
      say(speaker, Announcement.leave("many-0", service));
      assertThat(next(events, "many-0")).isEqualTo(Discovery.Event.Kind.LEFT);
      assertThat(registry.offering(service)).hasSize(9_999);
    }
  }

  private static void assertRefused(AmqpRegistry registry, Discovery.Offer offer, String why) {
    assertThatThrownBy(() -> registry.announce(offer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  private static Discovery.Event.Kind next(
      dev.circulate.Channel<Discovery.Event> events, String node) throws InterruptedException {
    Discovery.Event event = requireNonNull(events.poll(PATIENCE), "no event came");
    assertThat(event.offer().node()).isEqualTo(node);
    return event.kind();
  }

  /** Says that it is there until it leaves, or dies. */
  private static final class ByHand implements Mortal {
    private final String name;
    private final String run = UUID.randomUUID().toString();
    private final Channel channel;
    private final dev.circulate.Channel<Boolean> end = Csp.chan();
    private final dev.circulate.Channel<Void> ended;

    ByHand(Channel channel, String name, Set<String> services) {
      this.channel = channel;
      this.name = name;
      Announcement here = Announcement.here(name, run, services, BEAT.multipliedBy(20));
      this.ended =
          Csp.go(
              () -> {
                Boolean leaves = null;
                while (leaves == null) {
                  say(here);
                  leaves = end.poll(BEAT);
                }
                if (leaves) {
                  say(Announcement.leave(name, run));
                }
              });
    }

    private void say(Announcement word) throws IOException {
      channel.basicPublish(Announcement.EXCHANGE, "", word.properties(), word.body());
    }

    private void end(boolean leaves) {
      try {
        end.put(leaves);
        ended.take();
      } catch (InterruptedException e) {
        throw new AssertionError("the test was interrupted", e);
      }
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void leave() {
      end(true);
    }

    @Override
    public void die() {
      end(false);
    }
  }
}
