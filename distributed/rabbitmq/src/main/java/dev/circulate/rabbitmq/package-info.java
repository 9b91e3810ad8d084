/**
 * Links over a RabbitMQ broker: {@link dev.circulate.rabbitmq.AmqpTransport} is found by the
 * schemes {@code amqp} and {@code amqps} when this package is on the class path, and {@link
 * dev.circulate.rabbitmq.AmqpOptions} are what can be set.
 *
 * <p>To read it: {@code Broker} is the one connection that a process has to a broker, {@code
 * Mailbox} a queue with what it takes to send and receive letters, {@code Letter} the layout of
 * what crosses, {@code AmqpLink} a stream between two mailboxes.
 */
@NullMarked
package dev.circulate.rabbitmq;

import org.jspecify.annotations.NullMarked;
