/**
 * A root over HTTP and JSON: {@link dev.circulate.http.Rest} serves it, and a {@link
 * dev.circulate.runtime.Authenticator} says who may ask.
 *
 * <p>For who reads the code: {@code Gateway} is the way of a request; {@code Invocation} asks the
 * service, {@code Streamed} writes what a channel gives, {@code Problem} says what went wrong, and
 * {@code OpenApi} describes all of it.
 */
@NullMarked
package dev.circulate.http;

import org.jspecify.annotations.NullMarked;
