/**
 * Links over WebSocket, server and client: {@link dev.circulate.websocket.WebSocketTransport} is
 * found by the schemes {@code ws} and {@code wss} when this package is on the class path, and
 * {@link dev.circulate.websocket.WebSocketOptions} are what can be set, among it the {@link
 * dev.circulate.websocket.OriginPolicy}: which pages may come.
 *
 * <p>A {@code WebSocketLink} is the same on both sides; what differs between Jetty, which serves,
 * and the JDK's client stands behind {@code Socket}.
 */
@NullMarked
package dev.circulate.websocket;

import org.jspecify.annotations.NullMarked;
