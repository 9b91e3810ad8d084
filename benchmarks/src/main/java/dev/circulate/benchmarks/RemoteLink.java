package dev.circulate.benchmarks;

import dev.circulate.runtime.codec.Codec;

/** What the two sides of a remote row talk over. */
enum RemoteLink {
  /** Within one process, encoded and decoded all the same: JSON here, in-process gRPC there. */
  MEMORY("in memory", Codec.JSON),
  /** A WebSocket in transit JSON; HTTP/2 without TLS for gRPC, as in the next. */
  WEB_SOCKET_JSON("WebSocket JSON", Codec.JSON),
  /** A WebSocket in transit MessagePack. */
  WEB_SOCKET_MESSAGE_PACK("WebSocket MessagePack", Codec.MESSAGE_PACK);

  private final String title;

  @SuppressWarnings("ImmutableEnumChecker") // a codec is immutable, which the checker cannot see
  private final Codec codec;

  RemoteLink(String title, Codec codec) {
    this.title = title;
    this.codec = codec;
  }

  /** What reports call it. */
  String title() {
    return title;
  }

  Codec codec() {
    return codec;
  }

  /** Whether the other side is a process of its own. */
  boolean crossesProcesses() {
    return this != MEMORY;
  }
}
