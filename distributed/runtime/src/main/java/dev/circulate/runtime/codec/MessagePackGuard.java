package dev.circulate.runtime.codec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Holds a binary frame against the limits in one pass, before a parser sees it.
 *
 * <p>MessagePack claims the length of everything beforehand, and its parser allocates what is
 * claimed: five bytes cost it gigabytes. Here each claim is held against its limit and against the
 * bytes that are left, for no element is shorter than one. The frame must be one value, and whole.
 */
final class MessagePackGuard {
  /** There is room for so many levels at first: most frames have fewer. */
  private static final int USUAL_DEPTH = 16;

  private final ByteBuffer bytes;
  private final FrameLimits limits;

  /** How many values are still to come at each level. */
  private long[] missing = new long[USUAL_DEPTH];

  private int depth;

  private MessagePackGuard(byte[] bytes, FrameLimits limits) {
    this.bytes = ByteBuffer.wrap(bytes);
    this.limits = limits;
  }

  /**
   * Checks a frame.
   *
   * @throws CodecException if it is beyond a limit, or not one value; the message says which
   */
  static void check(byte[] bytes, FrameLimits limits) {
    limits.requireLength(bytes.length);
    new MessagePackGuard(bytes, limits).scan();
  }

  private void scan() {
    missing[0] = 1;
    while (depth >= 0) {
      if (missing[depth] == 0) {
        depth--;
      } else {
        missing[depth]--;
        value();
      }
    }
    if (bytes.hasRemaining()) {
      throw new CodecException("not transit MessagePack: " + bytes.remaining() + " bytes too many");
    }
  }

  private void value() {
    int head = (int) number(1);
    if (head <= 0x7f || head >= 0xe0) {
      return; // a small integer
    } else if (head <= 0x8f) {
      map(head & 0x0f);
    } else if (head <= 0x9f) {
      array(head & 0x0f);
    } else if (head <= 0xbf) {
      text(head & 0x1f);
    } else {
      typed(head);
    }
  }

  private void typed(int head) {
    switch (head) {
      case 0xc0, 0xc2, 0xc3 -> {}
      case 0xc4, 0xc5, 0xc6 -> string(number(1 << (head - 0xc4)));
      case 0xca, 0xcb -> skip(head == 0xca ? 4 : 8);
      case 0xcc, 0xcd, 0xce, 0xcf -> skip(1 << (head - 0xcc));
      case 0xd0, 0xd1, 0xd2, 0xd3 -> skip(1 << (head - 0xd0));
      case 0xd9, 0xda, 0xdb -> text(number(1 << (head - 0xd9)));
      case 0xdc, 0xdd -> array(number(head == 0xdc ? 2 : 4));
      case 0xde, 0xdf -> map(number(head == 0xde ? 2 : 4));
      default ->
          throw new CodecException(
              "not transit MessagePack: no value begins with %02x".formatted(head));
    }
  }

  private void text(long length) {
    int start = bytes.position();
    string(length);
    for (int i = start; i < bytes.position(); i++) {
      if (bytes.get(i) < 0) {
        requireUtf8(bytes.slice(start, (int) length));
        return;
      }
    }
  }

  /** Its parser makes question marks of what is none. */
  private static void requireUtf8(ByteBuffer text) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(text);
    } catch (CharacterCodingException e) {
      throw new CodecException("not transit MessagePack: a text is not UTF-8", e);
    }
  }

  private void string(long length) {
    if (length > limits.string()) {
      throw FrameLimits.beyond("a string", length, limits.string());
    }
    skip(length);
  }

  private void array(long size) {
    open(size, size);
  }

  private void map(long size) {
    open(size, size * 2);
  }

  private void open(long size, long values) {
    if (size > limits.collection()) {
      throw FrameLimits.beyond("a collection", size, limits.collection());
    }
    requireBytes(values);
    if (++depth > limits.written()) {
      throw FrameLimits.beyond("a value nested to a depth", depth, limits.depth());
    }
    if (depth == missing.length) {
      missing = Arrays.copyOf(missing, 2 * depth);
    }
    missing[depth] = values;
  }

  private long number(int size) {
    requireBytes(size);
    return switch (size) {
      case 1 -> bytes.get() & 0xff;
      case 2 -> bytes.getShort() & 0xffff;
      default -> bytes.getInt() & 0xffff_ffffL;
    };
  }

  private void skip(long length) {
    requireBytes(length);
    bytes.position(bytes.position() + (int) length);
  }

  private void requireBytes(long length) {
    if (length > bytes.remaining()) {
      throw new CodecException(
          "not transit MessagePack: it claims %d bytes where %d are left"
              .formatted(length, bytes.remaining()));
    }
  }
}
