package dev.circulate.runtime;

import dev.circulate.WritePort;
import dev.circulate.runtime.codec.Codec;
import dev.circulate.service.Request;
import dev.circulate.service.Root;

/** Two peers over an in-memory link, each with a root. */
final class TwoSpaces implements AutoCloseable {
  final Root aRoot = Root.named("a-root");
  final Root bRoot = Root.named("b-root");
  final MemoryLink link;

  /** In address space a: what is known of b. */
  final Peer b;

  /** In address space b: what is known of a. */
  final Peer a;

  TwoSpaces() {
    this(Limits.DEFAULTS);
  }

  TwoSpaces(Limits limits) {
    this(limits, Codec.JSON, Codec.JSON);
  }

  TwoSpaces(Limits limits, Codec aCodec, Codec bCodec) {
    MemoryLink.Pair pair = MemoryLink.pair("a", "b");
    this.link = pair.near();
    this.b = Peer.over(pair.near()).root(aRoot).limits(limits).codec(aCodec).begin();
    this.a = Peer.over(pair.far()).root(bRoot).limits(limits).codec(bCodec).begin();
  }

  /** B's root as a has it. */
  WritePort<Request> bRootProxy() {
    return b.root();
  }

  /** Waits until neither side holds a channel of the other's. */
  void awaitEmptyTables() {
    Await.until(
        "empty tables",
        () -> a.held().equals(new Peer.Held(0, 0)) && b.held().equals(new Peer.Held(0, 0)),
        () -> "a " + a.held() + ", b " + b.held());
  }

  @Override
  public void close() {
    a.close();
    b.close();
  }
}
