/** A channel seen as a queue, under what others expect of queues. */
@NullMarked
package dev.circulate.queue;

import org.jspecify.annotations.NullMarked;
