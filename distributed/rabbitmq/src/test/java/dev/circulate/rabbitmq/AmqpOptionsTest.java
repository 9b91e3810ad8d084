package dev.circulate.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.runtime.codec.Handlers;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be set for a connection, and what a connection could not keep. */
class AmqpOptionsTest {
  private static AmqpOptions options(int frameBytes, Duration patience, Duration heartbeat) {
    return new AmqpOptions(1, frameBytes, 1, patience, heartbeat, null);
  }

  @ParameterizedTest(name = "{0} bytes, {1}, {2}")
  @CsvSource({
    "2147483647, PT10S, PT10S, frameBytes=2147483647",
    "1000, PT720H, PT10S, patience=PT720H",
    "1000, PT0.0001S, PT10S, patience=PT0.0001S",
    "1000, PT10S, PT20H, heartbeat=PT20H",
    "1000, PT10S, PT0.5S, heartbeat=PT0.5S",
  })
  @DisplayName("what no connection can keep is refused when it is set, with the figures")
  void refused(int frameBytes, Duration patience, Duration heartbeat, String told) {
    assertThatThrownBy(() -> options(frameBytes, patience, heartbeat))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(told);
  }

  @Test
  @DisplayName("the defaults are what the documentation says")
  void defaults() {
    Duration ten = Duration.ofSeconds(10);
    assertThat(AmqpOptions.DEFAULTS)
        .isEqualTo(new AmqpOptions(32, 8 * 1024 * 1024, 1_000, ten, ten, null));
    assertThat(WorkOptions.DEFAULTS.attempts()).isEqualTo(5);
    assertThat(WorkOptions.DEFAULTS.amqp()).isEqualTo(AmqpOptions.DEFAULTS);
    assertThat(AmqpRegistry.BEAT).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  @DisplayName("whoever sets one thing leaves the others as they were, in any order")
  void keepsTheOthers() throws Exception {
    Duration ten = Duration.ofSeconds(10);
    SSLContext tls = SSLContext.getDefault();
    AmqpOptions all = new AmqpOptions(1, 2, 3, ten, ten, tls);
    assertThat(AmqpOptions.DEFAULTS.withWindow(1).withFrameBytes(2).withLinks(3).withTls(tls))
        .isEqualTo(all);
    assertThat(AmqpOptions.DEFAULTS.withTls(tls).withLinks(3).withFrameBytes(2).withWindow(1))
        .isEqualTo(all);
    Handlers handlers = Handlers.none().withRecord("Figure", Figure.class);
    assertThat(WorkOptions.DEFAULTS.withAttempts(2).withHandlers(handlers))
        .isEqualTo(WorkOptions.DEFAULTS.withHandlers(handlers).withAttempts(2))
        .extracting(WorkOptions::attempts, WorkOptions::handlers)
        .containsExactly(2, handlers);
  }

  record Figure(int edges) {}

  @Test
  @DisplayName("DI-8 the broker is asked whether it is there as often as the options say")
  void heartbeat() throws Exception {
    Broker broker =
        Broker.of(
            AmqpAddress.of(SharedBroker.uri()),
            options(1, Duration.ofSeconds(5), Duration.ofSeconds(7)));
    assertThat(broker.channel().getConnection().getHeartbeat()).isEqualTo(7);
    broker.release();
  }

  @Test
  @DisplayName("the most and the least that is allowed is kept by a connection")
  void extremes() throws Exception {
    for (AmqpOptions each :
        new AmqpOptions[] {
          options(Integer.MAX_VALUE - 1, Duration.ofDays(20), Duration.ofSeconds(65_535)),
          options(1, Duration.ofSeconds(5), Duration.ofSeconds(1)),
        }) {
      Broker broker = Broker.of(AmqpAddress.of(SharedBroker.uri()), each);
      assertThat(broker.channel().isOpen()).isTrue();
      broker.release();
    }
  }
}
