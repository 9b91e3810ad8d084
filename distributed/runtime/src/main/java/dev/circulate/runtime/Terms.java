package dev.circulate.runtime;

import dev.circulate.WritePort;
import dev.circulate.runtime.codec.Codec;
import dev.circulate.service.Request;
import java.util.function.Consumer;

/**
 * What this side brings to a session.
 *
 * @param root what the other side finds as its peer's root
 * @param limits what the peer may demand
 * @param codec how values are written
 * @param onUndelivered takes the values of proxies that may not have arrived when the peer is lost
 */
record Terms(WritePort<Request> root, Limits limits, Codec codec, Consumer<Object> onUndelivered) {
  /** How this side calls itself. */
  String name() {
    return root.toString();
  }
}
