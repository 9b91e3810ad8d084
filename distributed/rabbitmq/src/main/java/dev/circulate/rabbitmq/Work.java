package dev.circulate.rabbitmq;

/**
 * A value that was taken from a {@link WorkQueue}.
 *
 * @param value what was put
 * @param isRedelivered whether it may have been given to somebody before, who did not end well:
 *     what is not harmless to do twice has to be looked at
 * @param <T> the type of the value
 */
public record Work<T>(T value, boolean isRedelivered) {}
