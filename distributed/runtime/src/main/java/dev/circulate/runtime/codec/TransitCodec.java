package dev.circulate.runtime.codec;

import com.cognitect.transit.DefaultReadHandler;
import com.cognitect.transit.ReadHandler;
import com.cognitect.transit.Reader;
import com.cognitect.transit.SPI.ReaderSPI;
import com.cognitect.transit.TransitFactory;
import com.cognitect.transit.WriteHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads one frame, as transit JSON or MessagePack.
 *
 * <p>What goes in and comes out are transit's own types, {@link Name}s, {@link Tagged} values and
 * {@link Reference}s; {@link Outgoing} and {@link Incoming} stand between these and a user's
 * values. Each frame has a writer and a reader of its own: a writer that failed once leaves a stray
 * comma before whatever it writes next.
 *
 * <p>Without state, for use by any thread.
 */
public final class TransitCodec {
  private static final String CHANNEL = "chan-guid";

  /** Tags of two letters or more that mean something to every peer. */
  static final Set<String> RESERVED =
      Set.of(CHANNEL, "list", "set", "cmap", "ratio", "link", "array", "map");

  @SuppressWarnings("rawtypes") // so transit declares it
  private static final Map<Class, WriteHandler<?, ?>> WRITERS =
      TransitFactory.writeHandlerMap(
          Map.of(
              Reference.class,
              new Writing<Reference>(
                  _ -> CHANNEL,
                  reference ->
                      List.of(reference.guid(), reference.rights().toString(), reference.reply())),
              Name.class,
              new Writing<Name>(Name::kind, Name::text),
              Tagged.class,
              new Writing<Tagged>(Tagged::tag, Tagged::representation)));

  private static final Map<String, ReadHandler<?, ?>> READERS =
      TransitFactory.readHandlerMap(
          Map.of(
              CHANNEL,
              reading(TransitCodec::reference),
              Name.KEYWORD,
              reading(text -> Name.keyword(name(text))),
              Name.SYMBOL,
              reading(text -> Name.symbol(name(text))),
              "n",
              reading(Numbers::bigInteger),
              "f",
              reading(Numbers::bigDecimal),
              "ratio",
              reading(parts -> new Tagged("ratio", parts)),
              "link",
              reading(parts -> new Tagged("link", parts)),
              "set",
              Ordered.SETS,
              "cmap",
              Ordered.PAIRS));

  private static final DefaultReadHandler<Object> UNKNOWN = Tagged::new;

  private TransitCodec() {}

  /** The text of a frame. */
  public static String write(Object frame) {
    return encoded(TransitFactory.Format.JSON, frame).toString(StandardCharsets.UTF_8);
  }

  /** The bytes of a frame. */
  public static byte[] writeBytes(Object frame) {
    return encoded(MessagePack.FORMAT, frame).toByteArray();
  }

  private static ByteArrayOutputStream encoded(TransitFactory.Format format, Object frame) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try {
      TransitFactory.writer(format, bytes, WRITERS).write(frame);
    } catch (RuntimeException e) {
      throw new CodecException("cannot write a frame: " + e.getMessage(), e);
    }
    return bytes;
  }

  /**
   * The frame in a text.
   *
   * @throws CodecException if the text is beyond a limit, or not one transit value
   */
  public static Object read(String text, FrameLimits limits) {
    return required(readOrNull(text, limits));
  }

  /**
   * The value in a text, which may be null.
   *
   * @throws CodecException if the text is beyond a limit, or not one transit value
   */
  public static @Nullable Object readOrNull(String text, FrameLimits limits) {
    JsonGuard.check(text, limits);
    try {
      return decoded(TransitFactory.Format.JSON, text.getBytes(StandardCharsets.UTF_8));
    } catch (RuntimeException e) {
      throw own(e, "not transit JSON: " + abbreviated(text));
    }
  }

  /**
   * The frame in bytes.
   *
   * @throws CodecException if they are beyond a limit, or not one transit value
   */
  public static Object read(byte[] bytes, FrameLimits limits) {
    MessagePackGuard.check(bytes, limits);
    try {
      return required(decoded(MessagePack.FORMAT, bytes));
    } catch (RuntimeException e) {
      throw own(e, "not transit MessagePack: " + bytes.length + " bytes");
    }
  }

  private static @Nullable Object decoded(TransitFactory.Format format, byte[] bytes) {
    Reader reader =
        TransitFactory.reader(format, new ByteArrayInputStream(bytes), READERS, UNKNOWN);
    return ((ReaderSPI) reader).setBuilders(Ordered.MAPS, Ordered.LISTS).read();
  }

  private static Object required(@Nullable Object frame) {
    if (frame == null) {
      throw new CodecException("a frame is a map, not null");
    }
    return frame;
  }

  private static CodecException own(RuntimeException e, String otherwise) {
    if (e instanceof CodecException own) {
      return own;
    }
    return e.getCause() instanceof CodecException own ? own : new CodecException(otherwise, e);
  }

  private static ReadHandler<?, ?> reading(Function<Object, Object> read) {
    return (ReadHandler<Object, Object>) read::apply;
  }

  private static String name(@Nullable Object text) {
    if (text instanceof String name) {
      return name;
    }
    throw new CodecException("a name is a text, not " + text);
  }

  private static Object reference(Object parts) {
    return switch (parts) {
      case String guid -> reference(guid, Rights.PUT, false); // as the original writes it
      case List<?> list
          when list.size() == 3
              && list.get(0) instanceof String guid
              && list.get(1) instanceof String rights
              && list.get(2) instanceof Boolean reply ->
          reference(guid, Rights.parse(rights), reply);
      default ->
          throw new CodecException("a channel is written [guid, rights, reply], not " + parts);
    };
  }

  private static Reference reference(String guid, Rights rights, boolean reply) {
    if (guid.length() > Reference.LONGEST_GUID) {
      throw FrameLimits.beyond("the name of a channel", guid.length(), Reference.LONGEST_GUID);
    }
    return new Reference(guid, rights, reply);
  }

  private static String abbreviated(String text) {
    return text.length() <= 80
        ? text
        : text.substring(0, 80) + "… (" + text.length() + " characters)";
  }

  /** How a type of ours is written. */
  private record Writing<T>(Function<T, String> tags, Function<T, @Nullable Object> representations)
      implements WriteHandler<T, Object> {
    @Override
    public String tag(T value) {
      return tags.apply(value);
    }

    @Override
    public @Nullable Object rep(T value) {
      return representations.apply(value);
    }

    @Override
    public String stringRep(T value) {
      return String.valueOf(rep(value));
    }

    @Override
    public <V> WriteHandler<T, V> getVerboseHandler() {
      throw new UnsupportedOperationException("there is one form only");
    }
  }

  /** Loaded when it is wanted: its library reads the property then. */
  private static final class MessagePack {
    private static final String NO_UNSAFE = "msgpack.universal-buffer";
    static final TransitFactory.Format FORMAT = TransitFactory.Format.MSGPACK;

    static {
      if (System.getProperty(NO_UNSAFE) == null) {
        System.setProperty(NO_UNSAFE, "true");
      }
    }
  }
}
