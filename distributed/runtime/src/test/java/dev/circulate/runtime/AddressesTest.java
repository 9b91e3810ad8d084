package dev.circulate.runtime;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Blocks;
import dev.circulate.service.Root;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A password that stands in an address, and nowhere else. */
class AddressesTest {
  private static final URI THERE = URI.create("memory://with-password");
  private static final URI ADDRESS = URI.create("moody://user:hunter2@with-password");
  private static final String SHOWN = "moody://with-password";

  @BeforeEach
  void inTheMood() {
    Moody.MOODS.set(0);
  }

  @ParameterizedTest
  @DisplayName("an address is shown without its user, whether Java takes that for one or not")
  @CsvSource({
    "amqp://host:5672/vhost?node=b, amqp://host:5672/vhost?node=b",
    "amqp://u:hunter2@host:5672/a?node=b, amqp://host:5672/a?node=b",
    "amqp://u:hunter2@my_host:5672, amqp://my_host:5672",
    "amqp:u:hunter2@host, amqp:host",
    "amqp://u:hunter2@[::1]:5672, amqp://[::1]:5672",
    "ws://host/csp?who=me@home, ws://host/csp?who=me@home",
  })
  void withoutUser(String uri, String shown) {
    assertThat(Addresses.withoutUser(URI.create(uri))).isEqualTo(shown);
  }

  @Test
  @DisplayName("DI-11 who is refused, or hears nothing, is told by whom, and not the password")
  void refused() throws Exception {
    try (Server _ = Server.at(THERE).root(Root.named("guarded")).authenticator(_ -> null).start()) {
      assertThatThrownBy(() -> Peer.connect(ADDRESS))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot talk to " + SHOWN)
          .message()
          .doesNotContain("hunter2");
    }
    Limits brief = Limits.builder().hello(Duration.ofMillis(20)).build();
    try (Transport.Listener _ = new MemoryTransport().listen(THERE, _ -> {})) {
      assertThatThrownBy(() -> Peer.to(ADDRESS).limits(brief).connect())
          .isInstanceOf(IOException.class)
          .hasMessageContaining(SHOWN)
          .hasMessageContaining("said nothing for PT0.02S")
          .message()
          .doesNotContain("hunter2");
    }
  }

  @Test
  @DisplayName("DI-10 a scheme is the same in capitals and small letters")
  void capitals() throws IOException {
    assertThat(Transports.of(URI.create("MOODY://name"))).isInstanceOf(Moody.class);
  }

  @Test
  @DisplayName("DI-10 an address that no transport knows is told, and not the password")
  void unknown() {
    URI mistaken = URI.create("ampq://user:hunter2@host");
    assertThatThrownBy(() -> Peer.connect(mistaken))
        .hasMessageContaining("no transport for 'ampq://host'");
    assertThatThrownBy(() -> Node.join(mistaken, Root.named("r")))
        .hasMessageContaining("nodes at 'ampq://host'");
  }

  @Test
  @DisplayName("GO-4 no block that looks for a peer has its password in its name")
  void blocks() throws Exception {
    try (Discovery _ = new StaticDiscovery(List.of(ADDRESS), Duration.ofMinutes(1))) {
      until("the look is listed", () -> isListed("look for " + SHOWN));
    }
    Cuttable network = new Cuttable();
    URI address = URI.create("memory://user:hunter2@with-password");
    try (Server _ = Server.at(THERE).root(Root.named("r")).transport(network).start();
        Peer _ = Peer.to(address).transport(network).connect()) {
      network.down();
      until("another link is looked for", () -> isListed("another link to " + THERE));
    }
  }

  private static boolean isListed(String name) {
    List<String> names = Blocks.waiting().stream().map(block -> block.name()).toList();
    assertThat(names).noneMatch(each -> each.contains("hunter2"));
    return names.contains(name);
  }
}
