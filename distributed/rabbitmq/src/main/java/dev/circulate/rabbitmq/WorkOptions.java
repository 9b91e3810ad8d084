package dev.circulate.rabbitmq;

import dev.circulate.runtime.codec.FrameLimits;
import dev.circulate.runtime.codec.Handlers;
import java.util.Objects;

/**
 * What can be set for a {@link WorkQueue}.
 *
 * @param attempts how often a value is given to a worker that throws, before it is put aside
 * @param handlers how types of the program's own are written
 * @param limits what may be in a message
 * @param amqp trust and keys for TLS, and how long to wait for the broker
 */
public record WorkOptions(int attempts, Handlers handlers, FrameLimits limits, AmqpOptions amqp) {
  /** Five attempts, no types but those that every peer knows. */
  public static final WorkOptions DEFAULTS =
      new WorkOptions(5, Handlers.none(), FrameLimits.DEFAULTS, AmqpOptions.DEFAULTS);

  /** Checks the number of attempts. */
  public WorkOptions {
    if (attempts < 1) {
      throw new IllegalArgumentException("there is at least one attempt, not " + attempts);
    }
    Objects.requireNonNull(handlers, "handlers");
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(amqp, "amqp");
  }

  /**
   * The same with another number of attempts.
   *
   * @param attempts how often a value is tried
   */
  public WorkOptions withAttempts(int attempts) {
    return new WorkOptions(attempts, handlers, limits, amqp);
  }

  /**
   * The same with types of the program's own.
   *
   * @param handlers how they are written
   */
  public WorkOptions withHandlers(Handlers handlers) {
    return new WorkOptions(attempts, handlers, limits, amqp);
  }
}
