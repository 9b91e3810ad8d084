package dev.circulate.runtime.codec;

import com.cognitect.transit.TransitFactory;
import com.cognitect.transit.WriteHandler;
import com.cognitect.transit.Writer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A writer of transit's that is used for one frame after the other: a new one takes several times
 * as long as a small frame.
 *
 * <p>One that failed must not be used again: it leaves a stray comma before whatever it writes
 * next. Used by one thread at a time.
 */
final class FrameWriter implements Spares.Part {
  /** A longer frame is the last: what it was written into is not kept. */
  private static final int LONGEST_KEPT = 64 << 10;

  private final Output output = new Output();
  private final Writer<Object> writer;

  @SuppressWarnings("rawtypes") // so transit declares it
  FrameWriter(TransitFactory.Format format, Map<Class, WriteHandler<?, ?>> handlers) {
    this.writer = TransitFactory.writer(format, output, handlers);
  }

  String text(Object frame) {
    write(frame);
    return output.text();
  }

  byte[] bytes(Object frame) {
    write(frame);
    return output.toByteArray();
  }

  private void write(Object frame) {
    output.reset();
    writer.write(frame);
  }

  @Override
  public boolean isFit() {
    return output.size() <= LONGEST_KEPT;
  }

  private static final class Output extends ByteArrayOutputStream {
    Output() {
      super(256);
    }

    /** Without the space that parts a second value from a first in the same stream. */
    String text() {
      int from = count > 0 && buf[0] == ' ' ? 1 : 0;
      return new String(buf, from, count - from, StandardCharsets.UTF_8);
    }
  }
}
