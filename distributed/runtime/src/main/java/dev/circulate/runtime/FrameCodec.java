package dev.circulate.runtime;

import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.Encoding;
import dev.circulate.runtime.codec.FrameLimits;
import dev.circulate.runtime.codec.PacketCodec;
import dev.circulate.runtime.dialect.Dialect;
import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Packets as frames of one session: of text until both sides have offered MessagePack, then of
 * bytes, save the words that begin another link. What is read tells by its kind how it is written.
 * One thread writes while another reads.
 */
final class FrameCodec {
  /** The field with its number, which may be as long as a number is. */
  private static final int LATER_RECEIVED = 40;

  private final FrameLimits limits;
  private final boolean offersBytes;
  private volatile boolean speaksBytes;
  private volatile @Nullable Dialect dialect;
  private boolean begun;

  /**
   * The codec of one session.
   *
   * @param encoding what to offer
   */
  FrameCodec(Encoding encoding, FrameLimits limits) {
    this.limits = limits;
    this.offersBytes = encoding == Encoding.MESSAGE_PACK;
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
   * The frames for a packet: one, but to a peer that speaks the original's dialect.
   *
   * @throws CodecException if one is longer than a frame may be
   */
  List<Frame> write(Packet packet) {
    Dialect spoken = dialect;
    if (spoken != null) {
      return spoken.say(packet).stream().map(this::text).toList();
    }
    if (speaksBytes && !beginsLink(packet)) {
      byte[] bytes = PacketCodec.writeBytes(packet);
      limits.requireLength(bytes.length);
      return List.of(new Frame.Binary(bytes));
    }
    return List.of(text(PacketCodec.write(packet)));
  }

  /**
   * The frames for a batch that has not been said before: with room for a later {@code received},
   * which it may be said again with. A message alone was measured with the longest.
   *
   * @throws CodecException if one is longer than a frame may be
   */
  List<Frame> writeNew(Packet.Batch batch) {
    List<Frame> frames = write(batch);
    if (dialect == null && batch.messages().size() > 1) {
      frames.forEach(frame -> limits.requireLength(frame.length() + LATER_RECEIVED));
    }
    return frames;
  }

  /** Whether it is a first word, which is said before the peer can know what was agreed. */
  private static boolean beginsLink(Packet packet) {
    return packet instanceof Packet.Hello || packet instanceof Packet.Resumed;
  }

  private Frame text(String text) {
    limits.requireLength(text.length());
    return new Frame.Text(text);
  }

  /**
   * The packets in a frame: one, but from a peer that speaks the original's dialect.
   *
   * @param answers takes what has to be said before anything is done
   * @throws CodecException if there is none, or it is beyond a limit
   */
  List<Packet> read(Frame frame, Consumer<Frame> answers) {
    List<Packet> packets = new ArrayList<>(2);
    if (!begun) {
      begun = true;
      if (frame instanceof Frame.Text(String text) && Dialect.isSpokenIn(text, limits)) {
        dialect = new Dialect(limits);
        packets.add(
            new Packet.Hello(
                Session.NO_VERSION, "a peer of the original", List.of(), null, 0, 0, null));
      }
    }
    Dialect spoken = dialect;
    if (spoken != null && frame instanceof Frame.Text(String text)) {
      Dialect.Heard heard = spoken.hear(text);
      for (String said : heard.frames()) {
        answers.accept(text(said));
      }
      packets.addAll(heard.packets());
      return packets;
    }
    packets.add(
        switch (frame) {
          case Frame.Text(String text) -> PacketCodec.read(text, limits);
          case Frame.Binary(byte[] bytes) when offersBytes -> PacketCodec.read(bytes, limits);
          case Frame.Binary(byte[] bytes) ->
              throw new CodecException(
                  "a binary frame of "
                      + bytes.length
                      + " bytes, which was not agreed: JSON is spoken");
        });
    return packets;
  }

  /** What was said to be closed to a peer that has no word for having forgotten it. */
  List<String> takeClosed() {
    Dialect spoken = dialect;
    return spoken == null ? List.of() : spoken.takeClosed();
  }

  /** Whether the peer speaks the original's dialect, which knows no beat and no answer to a bye. */
  boolean isDialect() {
    return dialect != null;
  }
}
