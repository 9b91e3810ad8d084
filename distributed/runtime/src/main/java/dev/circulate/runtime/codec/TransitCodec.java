package dev.circulate.runtime.codec;

import com.cognitect.transit.DefaultReadHandler;
import com.cognitect.transit.ReadHandler;
import com.cognitect.transit.TransitFactory;
import com.cognitect.transit.WriteHandler;
import dev.circulate.internal.Glimpse;
import java.net.URI;
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
 * values.
 *
 * <p>For use by any thread.
 */
public final class TransitCodec {
  private static final String CHANNEL = "chan-guid";
  private static final String CHARACTER = "c";
  private static final String ADDRESS = "r";

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
          Map.ofEntries(
              Map.entry(CHANNEL, reading(TransitCodec::reference)),
              Map.entry(Name.KEYWORD, reading(text -> Name.keyword(name(text)))),
              Map.entry(Name.SYMBOL, reading(text -> Name.symbol(name(text)))),
              Map.entry(CHARACTER, reading(TransitCodec::character)),
              Map.entry(ADDRESS, reading(TransitCodec::address)),
              Map.entry("n", reading(Numbers::bigInteger)),
              Map.entry("f", reading(Numbers::bigDecimal)),
              Map.entry("t", reading(Times::inWords)),
              Map.entry("ratio", reading(parts -> new Tagged("ratio", parts))),
              Map.entry("link", reading(parts -> new Tagged("link", parts))),
              Map.entry("set", Ordered.SETS),
              Map.entry("cmap", Ordered.PAIRS)));

  private static final DefaultReadHandler<Object> UNKNOWN = Tagged::new;

  private static final Spares<FrameWriter> JSON_WRITERS =
      new Spares<>(() -> new FrameWriter(TransitFactory.Format.JSON, WRITERS));

  private static final Spares<FrameReader> JSON_READERS =
      new Spares<>(() -> FrameReader.json(READERS, UNKNOWN));

  private TransitCodec() {}

  /** The text of a frame. */
  public static String write(Object frame) {
    return written(JSON_WRITERS, writer -> writer.text(frame));
  }

  /** The bytes of a frame. */
  public static byte[] writeBytes(Object frame) {
    return written(MessagePack.WRITERS, writer -> writer.bytes(frame));
  }

  private static <R> R written(Spares<FrameWriter> writers, Function<FrameWriter, R> frame) {
    try {
      return writers.use(frame);
    } catch (RuntimeException e) {
      throw new CodecException("cannot write a frame: " + e.getMessage(), e);
    }
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
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return JSON_READERS.use(reader -> reader.read(bytes));
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
      return required(MessagePack.READERS.use(reader -> reader.read(bytes)));
    } catch (RuntimeException e) {
      throw own(e, "not transit MessagePack: " + bytes.length + " bytes");
    }
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
    throw new CodecException("a name is a text, not " + Glimpse.of(text));
  }

  /** One that Java has no character for, of two surrogates for example, goes on as it came. */
  private static Object character(@Nullable Object text) {
    if (!(text instanceof String letters)) {
      throw new CodecException("a character is a text, not " + Glimpse.of(text));
    }
    return letters.length() == 1 && !Character.isSurrogate(letters.charAt(0))
        ? letters.charAt(0)
        : new Tagged(CHARACTER, letters);
  }

  /** Transit's addresses may be what Java's are not: those go on as they came. */
  private static Object address(@Nullable Object text) {
    if (!(text instanceof String written)) {
      throw new CodecException("an address is a text, not " + Glimpse.of(text));
    }
    try {
      return URI.create(written);
    } catch (IllegalArgumentException e) {
      return new Tagged(ADDRESS, written);
    }
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
          throw new CodecException(
              "a channel is written [guid, rights, reply], not " + Glimpse.of(parts));
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

    static final Spares<FrameWriter> WRITERS =
        new Spares<>(() -> new FrameWriter(TransitFactory.Format.MSGPACK, TransitCodec.WRITERS));

    static final Spares<FrameReader> READERS =
        new Spares<>(() -> FrameReader.messagePack(TransitCodec.READERS, UNKNOWN));

    static {
      if (System.getProperty(NO_UNSAFE) == null) {
        System.setProperty(NO_UNSAFE, "true");
      }
    }
  }
}
