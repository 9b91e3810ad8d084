package dev.circulate.runtime.codec;

import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Holds a body against what a frame may be before it is on its way: whoever puts too much is told,
 * where its peer could only end the session. What passes is read by a peer with the same limits.
 *
 * <p>Each text, byte array and collection is held against its limit as the peer does: as it is
 * written. How long a body becomes is estimated, not too low, in the same pass; only one that may
 * be too long is written to see. A side that offers MessagePack may speak either encoding by the
 * time a value leaves: what it sends must do in both.
 */
public final class Measure {
  /** What anything costs beside its text: quotes, a comma, a tag. */
  private static final int EACH = 8;

  /** What transit writes before the text of a name, a tag or a number of many digits. */
  private static final int PREFIX = 2;

  /** A message with a name of {@link #LONGEST_NAME}, and without what it is about. */
  private static final int MESSAGE = 192;

  /** How many frames a value may fill that is written to see whether it fits into one. */
  private static final long MOST_TRIED = 4;

  private static final int REFERENCE = 64;
  private static final int NUMBER = 24;
  private static final int UUID_TEXT = 40;

  private static final String LONGEST_NAME = "-".repeat(Reference.LONGEST_GUID);

  private final FrameLimits limits;
  private final boolean inBytes;
  private long length;

  /** How many characters more it is in JSON, where some are escaped. */
  private long escapes;

  /** How many bytes more it is in UTF-8, where some take several. */
  private long multibyte;

  /** How long all is that is written in full wherever it stands: not too high. */
  private long least;

  private final Letters letters;

  private Measure(FrameLimits limits, Encoding offered, Letters letters) {
    this.limits = limits;
    this.inBytes = offered == Encoding.MESSAGE_PACK;
    this.letters = letters;
  }

  /**
   * Holds a body, of transit's types, against the limits.
   *
   * @param offered what this side offers to speak
   * @param letters what is known of the texts in it
   * @return how long it becomes: an estimate, not too low
   * @throws CodecException if it is beyond a limit
   */
  static int require(Object body, FrameLimits limits, Encoding offered, Letters letters) {
    Measure measure = new Measure(limits, offered, letters);
    measure.add(body);
    long length = measure.length + measure.more(measure.escapes, measure.multibyte);
    int most = limits.length() - FrameLimits.ENVELOPE;
    if (length > most) {
      measure.requireFrame(body);
    }
    return (int) Math.min(length, most);
  }

  /** The larger of two, if this side may speak MessagePack. */
  private long more(long inText, long inBinary) {
    return inBytes ? Math.max(inText, inBinary) : inText;
  }

  private void requireFrame(Object body) {
    Message message = new Message.Forward(LONGEST_NAME, body, true, Long.MAX_VALUE, Long.MAX_VALUE);
    Packet packet = new Packet.Batch(Long.MAX_VALUE, Long.MAX_VALUE, List.of(message));
    requireLength(PacketCodec.write(packet).length());
    if (inBytes) {
      requireLength(PacketCodec.writeBytes(packet).length);
    }
  }

  private void requireLength(int written) {
    if (written > limits.length()) {
      throw FrameLimits.beyond("a value, in its frame,", written, limits.length());
    }
  }

  /** How long a message becomes beside its body: an estimate, not too low. */
  public static int besideBody(Message message) {
    Message.Cause cause =
        switch (message) {
          case Message.Close(_, Message.Cause why) -> why;
          case Message.Cancel(_, Message.Cause why) -> why;
          case Message.Closed(_, Message.Cause why, _) -> why;
          default -> null;
        };
    return cause == null
        ? MESSAGE
        : MESSAGE
            + FrameLimits.MOST_FOR_A_CHARACTER * (length(cause.type()) + length(cause.message()));
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  private void add(@Nullable Object value) {
    length += EACH;
    switch (value) {
      case String text -> anew(text, isEscaped(text) ? 1 : 0);
      case Name name -> text(name.text(), PREFIX);
      case Map<?, ?> map -> map(map);
      case Collection<?> values -> {
        length += EACH; // a set has a tag
        size(values.size());
        values.forEach(this::add);
      }
      case Tagged(String tag, String text) when tag.length() == 1 -> anew(text, PREFIX);
      case Tagged(String tag, Object representation) -> {
        text(tag, PREFIX);
        add(representation);
      }
      case byte[] bytes -> {
        long written = (bytes.length + 2L) / 3 * 4 + PREFIX;
        length += written;
        requireString("a byte array, written,", written);
        anew(written);
      }
      case BigInteger number -> anew(number.toString(), PREFIX);
      case BigDecimal number -> anew(number.toString(), PREFIX);
      case URI uri -> anew(uri.toString(), PREFIX);
      case UUID _ -> length += UUID_TEXT;
      case Reference reference -> length += REFERENCE + reference.guid().length();
      case null, default -> length += NUMBER;
    }
  }

  private void map(Map<?, ?> map) {
    length += EACH; // one with keys that are no texts has a tag
    boolean pairs = false;
    long keys = 0;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      pairs |= isNoText(entry.getKey());
      long before = least;
      add(entry.getKey());
      keys += least - before;
      least = before; // transit may have a shorter word for a key that was written before
      add(entry.getValue());
    }
    if (pairs) {
      anew(keys);
    }
    size(pairs ? map.size() * 2L : map.size());
  }

  /** Whether transit has no text for a key, so that the whole map is written in pairs. */
  private static boolean isNoText(@Nullable Object key) {
    return switch (key) {
      case Collection<?> _, Map<?, ?> _, Reference _ -> true;
      case Tagged(String tag, _) -> tag.length() > 1;
      case null, default -> false;
    };
  }

  /** Whether it begins as what transit means something by. */
  private static boolean isEscaped(String text) {
    return !text.isEmpty() && "~^`".indexOf(text.charAt(0)) >= 0;
  }

  /** A text that is written in full, also if it was written before. */
  private void anew(String text, int prefix) {
    text(text, prefix);
    anew(text.length());
  }

  /** So much is written in full: what can be no frame is not written to see how long it is. */
  private void anew(long written) {
    least += written;
    if (least > MOST_TRIED * limits.length()) {
      throw FrameLimits.beyond("a value, in its frame,", least, limits.length());
    }
  }

  private void text(String text, int prefix) {
    Letters.Count count = letters.of(text);
    length += prefix + text.length();
    escapes += count.escapes();
    multibyte += count.multibyte();
    long more = prefix + more(count.escapes(), count.multibyte());
    requireString(more == 0 ? "a text" : "a text, written,", text.length() + more);
  }

  private void requireString(String what, long written) {
    if (written > limits.string()) {
      throw FrameLimits.beyond(what, written, limits.string());
    }
  }

  private void size(long size) {
    if (size > limits.collection()) {
      throw FrameLimits.beyond("a collection", size, limits.collection());
    }
  }
}
