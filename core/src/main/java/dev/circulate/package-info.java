/**
 * Channels and go blocks for virtual threads: what a user imports.
 *
 * <p>Read in this order:
 *
 * <ol>
 *   <li>{@link dev.circulate.Csp}: the verbs, meant to be imported statically: {@code chan}, {@code
 *       go}, {@code timeout}, {@code alts}.
 *   <li>{@link dev.circulate.Channel} and its two faces, {@link dev.circulate.ReadPort} and {@link
 *       dev.circulate.WritePort}: what can be put, taken and closed, and what that promises.
 *   <li>{@link dev.circulate.Buffer}: how much a channel holds and what it does when it is full.
 *   <li>{@link dev.circulate.Alts}: waiting for several channels at once; {@link
 *       dev.circulate.Choice} for a {@code switch} over the outcome.
 *   <li>{@link dev.circulate.Pipes}, {@link dev.circulate.Pipeline}, {@link dev.circulate.Folds}:
 *       what connects channels, works on their values and makes one result of them; {@link
 *       dev.circulate.Mult}, {@link dev.circulate.Pub} and {@link dev.circulate.Mix}: one to many,
 *       and many to one; {@link dev.circulate.Gathering}: what a channel or a pipe can do to values
 *       on their way. All of them are written with what is public, {@link dev.circulate.Ports}
 *       included, as a program's own can be.
 *   <li>{@link dev.circulate.GoFor}: a sequence of requests to services, with timeouts and one
 *       error arm; the services themselves are in {@link dev.circulate.service}.
 * </ol>
 *
 * <p>Whatever a method here says of a channel holds for every channel, also for one whose other end
 * is in another address space; what does not wait sees what has come from there. Every blocking
 * method may be called from any thread and is meant to be called from virtual ones: block wherever
 * you like.
 */
@NullMarked
package dev.circulate;

import org.jspecify.annotations.NullMarked;
