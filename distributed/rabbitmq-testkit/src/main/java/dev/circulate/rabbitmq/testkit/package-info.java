/**
 * A broker for tests and first tries: {@link dev.circulate.rabbitmq.testkit.Broker#find} takes the
 * one that is there, or starts one. A {@link dev.circulate.rabbitmq.testkit.PrivateBroker} can be
 * killed and started again, which nobody should do with one that others use.
 */
@NullMarked
package dev.circulate.rabbitmq.testkit;

import org.jspecify.annotations.NullMarked;
