/**
 * The channel algorithm. Not for users: anything here may change in any release.
 *
 * <p>Read in this order: {@link dev.circulate.internal.LocalChannel} (the one channel, its
 * invariants and its proof), {@link dev.circulate.internal.Ring} (the buffer that needs no lock),
 * {@link dev.circulate.internal.Waiter} and {@link dev.circulate.internal.WaitQueue} (who waits,
 * and how one of them is chosen), {@link dev.circulate.internal.Selection} (several channels at
 * once), {@link dev.circulate.internal.Time} (clocks and timers).
 */
@NullMarked
package dev.circulate.internal;

import org.jspecify.annotations.NullMarked;
