package dev.circulate.runtime;

import dev.circulate.PeerLostException;
import dev.circulate.internal.Words;
import dev.circulate.runtime.codec.Codec;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.Encoding;
import dev.circulate.runtime.codec.FrameLimits;
import dev.circulate.runtime.codec.Handlers;
import dev.circulate.runtime.codec.Outgoing;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.service.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Makes the bodies that cross, in which every channel has become the name that the tables give it:
 * all or nothing, so that what was named before something could not be sent is taken back.
 */
final class Packer {
  /** As long as one that has a name. */
  private static final Reference UNNAMED =
      new Reference("0".repeat(Secrets.LENGTH), Rights.ALL, false);

  private final Tables tables;
  private final FrameLimits limits;
  private final Encoding offered;
  private final Handlers handlers;

  Packer(Tables tables, FrameLimits limits, Codec codec) {
    this.tables = tables;
    this.limits = limits;
    this.offered = codec.encoding();
    this.handlers = codec.handlers();
  }

  Parcel pack(Object value) {
    List<Parcel.Named> named = new ArrayList<>(0);
    return pack(
        named,
        new Outgoing(limits.depth(), handlers, port -> tables.give(port, named)),
        outgoing -> outgoing.body(value));
  }

  @SuppressWarnings("ReferenceEquality") // a channel is itself and no other
  Parcel pack(Request request) {
    Object reply = request.replyTo();
    List<Parcel.Named> named = new ArrayList<>(1);
    return pack(
        named,
        new Outgoing(
            limits.depth(),
            handlers,
            port -> port == reply ? tables.giveReply(port, named) : tables.give(port, named)),
        outgoing -> outgoing.message(request.message()));
  }

  private Parcel pack(
      List<Parcel.Named> named, Outgoing outgoing, Function<Outgoing, Object> body) {
    try {
      Object packed = body.apply(outgoing);
      return new Parcel(packed, outgoing.measured(packed, limits, offered), named);
    } catch (Throwable e) {
      named.forEach(Parcel.Named::dropped);
      throw told(e);
    }
  }

  /** A value may run code while it is read: what that throws is why it cannot be sent. */
  private static RuntimeException told(Throwable e) {
    return switch (e) {
      case CodecException known -> known;
      case PeerLostException lost -> lost;
      default -> new CodecException("cannot read what is to be sent: " + Words.of(e), e);
    };
  }

  /** What crosses for a port, but for its name. */
  private static Reference unnamed(Object port) {
    Tables.requireSendable(port);
    return UNNAMED;
  }

  /**
   * Looks whether a value, with all that is in it, can be sent and is not too long, without naming
   * its channels.
   */
  void check(Object value) {
    try {
      Outgoing outgoing = new Outgoing(limits.depth(), handlers, Packer::unnamed);
      int _ = outgoing.measured(outgoing.body(value), limits, offered);
    } catch (Throwable e) {
      throw told(e);
    }
  }
}
