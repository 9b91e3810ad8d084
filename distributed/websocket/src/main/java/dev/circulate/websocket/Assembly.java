package dev.circulate.websocket;

import dev.circulate.runtime.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A message that comes in parts. Of one beyond the limit nothing is kept, nor of what comes after
 * it. For one thread at a time.
 */
final class Assembly {
  private static final int MOST_BYTES_OF_A_CHARACTER = 3;

  private final WebSocketOptions options;
  private final Consumer<String> tooLong;
  private final StringBuilder text = new StringBuilder();
  private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
  private long textBytes;
  private @Nullable String excess;

  /**
   * Without any part.
   *
   * @param options the limits
   * @param tooLong told once, in words, when a message is beyond its limit
   */
  Assembly(WebSocketOptions options, Consumer<String> tooLong) {
    this.options = options;
    this.tooLong = tooLong;
  }

  /** Adds a part of a text; answers the whole if it was the last one, and all can be kept. */
  @Nullable Frame add(CharSequence part, boolean last) {
    boolean whole = last && text.isEmpty();
    if (whole && part.length() <= options.maxTextBytes() / MOST_BYTES_OF_A_CHARACTER) {
      return excess == null ? new Frame.Text(part.toString()) : null;
    }
    textBytes += utf8Length(part);
    if (isTooLong("text", textBytes, options.maxTextBytes())) {
      return null;
    }
    text.append(part);
    if (!last) {
      return null;
    }
    Frame frame = new Frame.Text(text.toString());
    text.setLength(0);
    textBytes = 0;
    return frame;
  }

  /** How many bytes the part has on the wire; half a surrogate pair has half of its four. */
  private static int utf8Length(CharSequence part) {
    int length = 0;
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return length;
  }

  /** The same for bytes. */
  @Nullable Frame add(ByteBuffer part, boolean last) {
    long size = (long) binary.size() + part.remaining();
    if (isTooLong("binary", size, options.maxBinaryBytes())) {
      return null;
    }
    byte[] bytes = new byte[part.remaining()];
    part.get(bytes);
    if (last && binary.size() == 0) {
      return new Frame.Binary(bytes);
    }
    binary.writeBytes(bytes);
    if (!last) {
      return null;
    }
    Frame frame = new Frame.Binary(binary.toByteArray());
    binary.reset();
    return frame;
  }

  private boolean isTooLong(String kind, long size, int limit) {
    if (excess == null && size > limit) {
      excess = "a " + kind + " message of more than " + limit + " bytes";
      text.setLength(0);
      binary.reset();
      tooLong.accept(excess);
    }
    return excess != null;
  }

  /** What was too long, in words; null as long as nothing was. */
  @Nullable String excess() {
    return excess;
  }
}
