/**
 * Services, the roots that offer them, and the requests between.
 *
 * <p>The message is the interface: a {@link dev.circulate.service.Request} is a map that holds a
 * command's name, the channel for the answer and the arguments by name. An answer is a map too:
 * {@code {answer: value}} or {@code {error: …}}. A service, a root or a caller cannot tell, nor
 * needs to, whether the other is near or far.
 *
 * <p>Read in this order:
 *
 * <ol>
 *   <li>{@link dev.circulate.service.Service}: from an object with {@link
 *       dev.circulate.service.Command} methods to a channel that answers requests, and back to a
 *       typed interface.
 *   <li>{@link dev.circulate.service.Request} and {@link dev.circulate.service.Call}: asking.
 *   <li>{@link dev.circulate.service.CallError} and {@link dev.circulate.service.CallException}:
 *       every way in which that can fail.
 *   <li>{@link dev.circulate.service.Interceptor}: what goes around every call.
 *   <li>{@link dev.circulate.service.Root}: what a process offers to others, by name.
 * </ol>
 */
@NullMarked
package dev.circulate.service;

import org.jspecify.annotations.NullMarked;
