package dev.circulate.runtime;

import dev.circulate.Channel;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.PutSide;
import dev.circulate.internal.ReadFace;
import dev.circulate.internal.TakeSide;
import dev.circulate.internal.WriteFace;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import org.jspecify.annotations.Nullable;

/** What a port is, beneath the face that it shows. */
record Face(
    Object port,
    Object identity,
    Rights rights,
    @Nullable LocalChannel<Object> puts,
    @Nullable LocalChannel<Object> takes,
    @Nullable Channel<?> whole) {

  static Face of(Object shown) {
    Object port = shown instanceof TakeSide<?> side ? side.beneath() : shown;
    return switch (port) {
      case ReadFace<?> face ->
          new Face(
              face,
              face.channel(),
              Rights.TAKE,
              null,
              untyped(face.takeSide()),
              closable(face.channel()));
      case WriteFace<?> face ->
          new Face(
              face,
              face.channel(),
              Rights.PUT,
              untyped(face.putSide()),
              null,
              closable(face.channel()));
      case Channel<?> channel
          when channel instanceof TakeSide<?> takes && channel instanceof PutSide<?> puts ->
          new Face(
              channel,
              channel,
              rights(channel),
              untyped(puts.putSide()),
              untyped(takes.takeSide()),
              closable(channel));
      case PutSide<?> puts when puts.canBeSent() ->
          new Face(port, port, Rights.PUT, untyped(puts.putSide()), null, null);
      case TakeSide<?> takes ->
          new Face(port, port, Rights.TAKE, null, untyped(takes.takeSide()), null);
      default ->
          throw new CodecException(
              "cannot send " + port + ": only this library's channels have another side");
    };
  }

  /** A proxy may be held with less than all. */
  private static Rights rights(Channel<?> channel) {
    return channel instanceof ProxyChannel<?> proxy
        ? proxy.held().reference().rights()
        : Rights.ALL;
  }

  /** The channel, if it is ours to close. */
  private static @Nullable Channel<?> closable(Channel<?> channel) {
    return rights(channel).close() ? channel : null;
  }

  Export export(Voice peer, Reference reference, Inflow inflow) {
    return new Export(peer, reference, identity, port, puts, takes, whole, inflow);
  }

  @SuppressWarnings("unchecked") // the type of what crosses is the two programs' agreement
  private static LocalChannel<Object> untyped(LocalChannel<?> channel) {
    return (LocalChannel<Object>) channel;
  }
}
