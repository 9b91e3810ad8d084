package dev.circulate.rabbitmq;

import dev.circulate.runtime.codec.FrameLimits;
import dev.circulate.runtime.codec.Handlers;
import java.time.Duration;

/** Options that differ in how long to wait for a broker. */
final class Patient {
  private Patient() {}

  static AmqpOptions amqp(Duration patience) {
    return new AmqpOptions(1, 1 << 20, 1, patience, Duration.ofMinutes(5), null);
  }

  static WorkOptions work(Duration patience) {
    return new WorkOptions(3, Handlers.none(), FrameLimits.DEFAULTS, amqp(patience));
  }
}
