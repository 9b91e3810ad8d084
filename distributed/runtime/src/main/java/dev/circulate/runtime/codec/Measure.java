package dev.circulate.runtime.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds a body against what a frame may be before it is on its way: whoever puts too much is told,
 * where its peer could only end the session.
 *
 * <p>How long a body becomes is estimated, not too low, in one pass; only one that may be too long
 * is written to see.
 */
public final class Measure {
  /** What anything costs beside its text: quotes, a comma, a tag. */
  private static final int EACH = 8;

  private static final int REFERENCE = 96;
  private static final int NUMBER = 24;

  private final FrameLimits limits;
  private long length;

  private Measure(FrameLimits limits) {
    this.limits = limits;
  }

  /**
   * Holds a body, of transit's types, against the limits.
   *
   * @throws CodecException if it is beyond one
   */
  public static void require(Object body, FrameLimits limits) {
    Measure measure = new Measure(limits);
    measure.add(body);
    int most = limits.length() - FrameLimits.ENVELOPE;
    if (measure.length > most) {
      int written = TransitCodec.write(body).length();
      if (written > most) {
        throw FrameLimits.beyond("a value", written, most);
      }
    }
  }

  private void add(@Nullable Object value) {
    length += EACH;
    switch (value) {
      case String text -> text(text);
      case Name name -> length += name.text().length();
      case Map<?, ?> map -> {
        size(map.size());
        map.forEach(
            (key, entry) -> {
              add(key);
              add(entry);
            });
      }
      case Collection<?> values -> {
        size(values.size());
        values.forEach(this::add);
      }
      case Tagged(String tag, Object representation) -> {
        length += tag.length();
        add(representation);
      }
      case byte[] bytes -> {
        long written = bytes.length / 3 * 4L + 4;
        length += written;
        requireString("a byte array, written,", written);
      }
      case BigInteger number -> length += number.bitLength() / 3;
      case BigDecimal number -> length += number.unscaledValue().bitLength() / 3 + NUMBER;
      case Reference _ -> length += REFERENCE;
      case null, default -> length += NUMBER;
    }
  }

  /** As characters of JSON or as bytes, whichever is more. */
  private void text(String text) {
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      if (letter < ' ') {
        length += 6;
      } else if (letter == '"' || letter == '\\') {
        length += 2;
      } else {
        length += letter < 0x80 ? 1 : 3;
      }
    }
    requireString("a text", text.length());
  }

  private void requireString(String what, long written) {
    if (written > limits.string()) {
      throw FrameLimits.beyond(what, written, limits.string());
    }
  }

  private void size(int size) {
    if (size > limits.collection()) {
      throw FrameLimits.beyond("a collection", size, limits.collection());
    }
  }
}
