package dev.circulate.runtime;

import dev.circulate.runtime.codec.Codec;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.Encoding;
import dev.circulate.runtime.codec.FrameLimits;
import dev.circulate.runtime.codec.PacketCodec;
import dev.circulate.runtime.session.Packet;
import java.util.List;

/**
 * Packets as frames of one link: of text until both sides have offered MessagePack, then of bytes.
 * What is read tells by its kind how it is written. One thread writes while another reads.
 */
final class FrameCodec {
  private final FrameLimits limits;
  private final boolean offersBytes;
  private volatile boolean speaksBytes;

  FrameCodec(Link link, Codec codec, FrameLimits limits) {
    this.limits = limits;
    this.offersBytes = codec.encoding() == Encoding.MESSAGE_PACK && link.carriesBytes();
  }

  /** What to offer in the hello. */
  List<String> offers() {
    return offersBytes ? List.of(Encoding.MESSAGE_PACK.id()) : List.of();
  }

  /** The peer has said what it offers. */
  void agree(Packet.Hello hello) {
    speaksBytes = offersBytes && hello.encodings().contains(Encoding.MESSAGE_PACK.id());
  }

  /**
   * The frame for a packet.
   *
   * @throws CodecException if it is longer than a frame may be
   */
  Frame write(Packet packet) {
    if (speaksBytes) {
      byte[] bytes = PacketCodec.writeBytes(packet);
      limits.requireLength(bytes.length);
      return new Frame.Binary(bytes);
    }
    String text = PacketCodec.write(packet);
    limits.requireLength(text.length());
    return new Frame.Text(text);
  }

  /**
   * The packet in a frame.
   *
   * @throws CodecException if there is none, or it is beyond a limit
   */
  Packet read(Frame frame) {
    return switch (frame) {
      case Frame.Text(String text) -> PacketCodec.read(text, limits);
      case Frame.Binary(byte[] bytes) when offersBytes -> PacketCodec.read(bytes, limits);
      case Frame.Binary(byte[] bytes) ->
          throw new CodecException(
              "a binary frame of " + bytes.length + " bytes, which was not agreed: JSON is spoken");
    };
  }
}
