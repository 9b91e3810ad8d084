package dev.circulate.runtime.codec;

import com.cognitect.transit.DefaultReadHandler;
import com.cognitect.transit.ReadHandler;
import com.cognitect.transit.impl.AbstractParser;
import com.cognitect.transit.impl.JsonParser;
import com.cognitect.transit.impl.MsgpackParser;
import com.fasterxml.jackson.core.JsonFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessagePack;

/**
 * A parser of transit's that is used for one frame after the other: a new one takes several times
 * as long as a small frame. Transit's own reader around it would remember the names of the frames
 * before, see {@link Mentions}.
 *
 * <p>To it all frames are one stream, and it may end a value before its frame does, as transit's
 * parsers do where a tag has more than one value. So that no frame is read with what another left
 * behind, each is followed by a number, and by a word that nobody else knows, without a comma: they
 * can be read in turn only if the parser is between two values of the stream, and in no value's
 * midst. Otherwise the frame was not one value. A reader that failed must not be used again. What
 * its parser remembers of frames, names above all, has bounds, since all that it ever reads has.
 * Used by one thread at a time.
 */
final class FrameReader implements Spares.Part {
  /** When so much has gone through, a new one takes over. */
  private static final int MOST_READ = 256 << 10;

  private static final SecureRandom RANDOM = new SecureRandom();

  /** Frames are UTF-8, whatever their first bytes look like. */
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.CHARSET_DETECTION).build();

  private final String word;
  private final Frames frames;
  private final AbstractParser parser;
  private final Mentions mentions = new Mentions();

  private FrameReader(String word, Frames frames, AbstractParser parser) {
    this.word = word;
    this.frames = frames;
    this.parser = parser;
  }

  static FrameReader json(
      Map<String, ReadHandler<?, ?>> handlers, DefaultReadHandler<?> otherwise) {
    String word = word();
    Frames frames = new Frames("\n0 \"" + word + '"');
    try {
      return new FrameReader(
          word,
          frames,
          new JsonParser(
              JSON.createParser(frames), handlers, otherwise, Ordered.MAPS, Ordered.LISTS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static FrameReader messagePack(
      Map<String, ReadHandler<?, ?>> handlers, DefaultReadHandler<?> otherwise) {
    String word = word();
    char shortText = (char) (0xa0 | word.length());
    Frames frames = new Frames("\0" + shortText + word);
    return new FrameReader(
        word,
        frames,
        new MsgpackParser(
            MessagePack.newDefaultUnpacker(frames),
            handlers,
            otherwise,
            Ordered.MAPS,
            Ordered.LISTS));
  }

  private static String word() {
    return HexFormat.of().toHexDigits(RANDOM.nextLong());
  }

  /**
   * The one value in a frame.
   *
   * @throws RuntimeException if there is none, or more than one
   */
  @Nullable Object read(byte[] frame) {
    frames.next(frame);
    try {
      Object value = next();
      next();
      if (!word.equals(next())) {
        throw new CodecException("a frame is one value, and nothing after it");
      }
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private @Nullable Object next() throws IOException {
    return parser.parse(mentions.init());
  }

  @Override
  public boolean isFit() {
    return frames.length < MOST_READ;
  }

  /** The stream of all frames, each with what follows it. */
  private static final class Frames extends InputStream {
    private final byte[] after;
    private byte[] present;
    private int at;
    private long length;

    Frames(String after) {
      this.after = after.getBytes(StandardCharsets.ISO_8859_1);
      this.present = this.after;
      this.at = this.after.length;
    }

    void next(byte[] frame) {
      present = frame;
      at = 0;
      length += frame.length;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // what follows is always the same array
    public int read(byte[] into, int offset, int most) {
      if (at == present.length && present != after) {
        present = after;
        at = 0;
      }
      int size = Math.min(most, present.length - at);
      if (size == 0) {
        return -1;
      }
      System.arraycopy(present, at, into, offset, size);
      at += size;
      return size;
    }
  }
}
