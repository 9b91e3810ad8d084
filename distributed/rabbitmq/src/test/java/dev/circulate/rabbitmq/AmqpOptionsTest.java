package dev.circulate.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
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
