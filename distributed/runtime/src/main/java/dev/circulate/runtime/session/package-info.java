/**
 * What two peers say to each other: {@link dev.circulate.runtime.session.Message}s about channels,
 * in numbered {@link dev.circulate.runtime.session.Packet}s, kept in order and watched over by
 * {@link dev.circulate.runtime.session.Session}, which has no thread, clock or socket of its own.
 */
@NullMarked
package dev.circulate.runtime.session;

import org.jspecify.annotations.NullMarked;
