package dev.circulate.runtime;

import dev.circulate.WritePort;
import dev.circulate.runtime.codec.Codec;
import dev.circulate.service.Request;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What this side brings to a session.
 *
 * @param root what the other side finds as its peer's root
 * @param limits what the peer may demand
 * @param codec how values are written
 * @param onUndelivered takes values that were put to proxies and may not have arrived
 * @param credentials what proves to the peer who this side is; null for nothing
 * @param authenticator says who the peer is; null if nobody asks
 */
record Terms(
    WritePort<Request> root,
    Limits limits,
    Codec codec,
    Consumer<Object> onUndelivered,
    @Nullable Credentials credentials,
    @Nullable Authenticator authenticator) {
  /** How this side calls itself. */
  String name() {
    return root.toString();
  }

  /** What proves to the peer who this side is, as it is written. */
  @Nullable String shown() {
    return credentials == null ? null : credentials.header();
  }

  /** Whether the peer has to prove who it is before anything is said to it. */
  boolean waitsForProof() {
    return authenticator != null && credentials == null;
  }
}
