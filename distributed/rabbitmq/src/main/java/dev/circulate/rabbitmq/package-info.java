/**
 * A back end of many processes on a RabbitMQ broker: links between nodes, nodes that find each
 * other, work that outlives them.
 *
 * <p>{@link dev.circulate.rabbitmq.AmqpTransport} and {@link
 * dev.circulate.rabbitmq.AmqpRegistryProvider} are found by the schemes {@code amqp} and {@code
 * amqps} when this package is on the class path, by {@link dev.circulate.runtime.Server}, {@link
 * dev.circulate.runtime.Peer} and {@link dev.circulate.runtime.Node}; {@link
 * dev.circulate.rabbitmq.AmqpOptions} are what can be set. {@link dev.circulate.rabbitmq.WorkQueue}
 * is opened by the program.
 *
 * <p>To read it: {@code Broker} is the one connection that a process has to a broker, {@code
 * Mailbox} a queue with what it takes to send and receive letters, {@code Letter} the layout of
 * what crosses, {@code AmqpLink} a stream between two mailboxes. {@code Announcement} is what nodes
 * say of themselves, {@code AmqpRegistry} who says and hears it. {@code DurableQueue}, {@code
 * Publisher} and {@code Consumer} are what a queue of work is made of.
 */
@NullMarked
package dev.circulate.rabbitmq;

import org.jspecify.annotations.NullMarked;
