package dev.circulate.runtime.codec;

import com.cognitect.transit.ReadHandler;
import com.cognitect.transit.TransitFactory;
import com.cognitect.transit.WriteHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Writes and reads one frame as transit JSON.
 *
 * <p>What goes in and comes out are transit's own types and {@link Reference}s; {@link Outgoing}
 * and {@link Incoming} stand between these and a user's values. Each frame has a writer and a
 * reader of its own: a writer that failed once leaves a stray comma before whatever it writes next.
 *
 * <p>Without state, for use by any thread.
 */
public final class TransitCodec {
  private static final String CHANNEL = "chan-guid";

  @SuppressWarnings("rawtypes") // so transit declares it
  private static final Map<Class, WriteHandler<?, ?>> WRITERS =
      TransitFactory.writeHandlerMap(Map.of(Reference.class, new ReferenceWriter()));

  private static final Map<String, ReadHandler<?, ?>> READERS =
      TransitFactory.readHandlerMap(Map.of(CHANNEL, (ReadHandler<?, ?>) TransitCodec::reference));

  private TransitCodec() {}

  /** The text of a frame. */
  public static String write(Object frame) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try {
      TransitFactory.writer(TransitFactory.Format.JSON, bytes, WRITERS).write(frame);
    } catch (RuntimeException e) {
      throw new CodecException("cannot write a frame: " + e.getMessage(), e);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /**
   * The frame in a text.
   *
   * @throws CodecException if the text is not one transit value
   */
  public static Object read(String text) {
    Object frame;
    try {
      frame =
          TransitFactory.reader(
                  TransitFactory.Format.JSON,
                  new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                  READERS)
              .read();
    } catch (RuntimeException | StackOverflowError e) {
      throw e.getCause() instanceof CodecException own
          ? own
          : new CodecException("not transit JSON: " + abbreviated(text), e);
    }
    if (frame == null) {
      throw new CodecException("a frame is a map, not null");
    }
    return frame;
  }

  private static Object reference(Object parts) {
    return switch (parts) {
      case List<?> list
          when list.size() == 3
              && list.get(0) instanceof String guid
              && list.get(1) instanceof String rights
              && list.get(2) instanceof Boolean reply ->
          new Reference(guid, Rights.parse(rights), reply);
      default ->
          throw new CodecException("a channel is written [guid, rights, reply], not " + parts);
    };
  }

  private static String abbreviated(String text) {
    return text.length() <= 80
        ? text
        : text.substring(0, 80) + "… (" + text.length() + " characters)";
  }

  private static final class ReferenceWriter implements WriteHandler<Reference, Object> {
    @Override
    public String tag(Reference reference) {
      return CHANNEL;
    }

    @Override
    public Object rep(Reference reference) {
      return List.of(reference.guid(), reference.rights().toString(), reference.reply());
    }

    @Override
    public String stringRep(Reference reference) {
      return reference.guid();
    }

    @Override
    public <V> WriteHandler<Reference, V> getVerboseHandler() {
      throw new UnsupportedOperationException("channels have one form only");
    }
  }
}
