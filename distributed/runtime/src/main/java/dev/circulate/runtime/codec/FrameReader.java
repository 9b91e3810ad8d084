package dev.circulate.runtime.codec;

import com.cognitect.transit.DefaultReadHandler;
import com.cognitect.transit.ReadHandler;
import com.cognitect.transit.Reader;
import com.cognitect.transit.SPI.ReaderSPI;
import com.cognitect.transit.TransitFactory;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reader of transit's that is used for one frame after the other: a new one takes several times
 * as long as a small frame.
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

  private final String word;
  private final Frames frames;
  private final Reader reader;

  private FrameReader(
      TransitFactory.Format format,
      String word,
      String written,
      Map<String, ReadHandler<?, ?>> handlers,
      DefaultReadHandler<?> otherwise) {
    this.word = word;
    this.frames = new Frames(written.getBytes(StandardCharsets.ISO_8859_1));
    this.reader = TransitFactory.reader(format, frames, handlers, otherwise);
    ((ReaderSPI) reader).setBuilders(Ordered.MAPS, Ordered.LISTS);
  }

  static FrameReader json(
      Map<String, ReadHandler<?, ?>> handlers, DefaultReadHandler<?> otherwise) {
    String word = word();
    return new FrameReader(
        TransitFactory.Format.JSON, word, "\n0 \"" + word + '"', handlers, otherwise);
  }

  static FrameReader messagePack(
      Map<String, ReadHandler<?, ?>> handlers, DefaultReadHandler<?> otherwise) {
    String word = word();
    char shortText = (char) (0xa0 | word.length());
    return new FrameReader(
        TransitFactory.Format.MSGPACK, word, "\0" + shortText + word, handlers, otherwise);
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
    Object value = reader.read();
    reader.read();
    if (!word.equals(reader.read())) {
      throw new CodecException("a frame is one value, and nothing after it");
    }
    return value;
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

    Frames(byte[] after) {
      this.after = after;
      this.present = after;
      this.at = after.length;
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
