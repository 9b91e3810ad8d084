package dev.circulate.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import dev.circulate.Channel;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.internal.Glimpse;
import dev.circulate.internal.Words;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.BaseStream;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns what came in a message into the type that a parameter, or a caller, wants.
 *
 * <p>What already is of the type passes as it is. A number passes if the type can hold it exactly;
 * any other conversion is Jackson's, with its leniency off: no text for a number, no fraction for
 * an int. Channels pass at any depth; what is taken from one is converted to the type of its values
 * then.
 */
final class Conversion {
  /** Says that a value does not convert; the message says what was expected and what came. */
  static final class Misfit extends Exception {
    private static final long serialVersionUID = 1;

    Misfit(String message) {
      super(message, null, false, false);
    }
  }

  private static final ObjectMapper MAPPER = DataMapper.MAPPER;

  private static final ObjectReader WITH_ALL_DIGITS =
      MAPPER.readerFor(Object.class).with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  /** Is for whoever sets up a Jackson, which no caller of a service does. */
  private static final Pattern JACKSONS_ADVICE =
      Pattern.compile(" \\(but [^()]* `CoercionConfig`[^()]*\\)");

  private static final Set<Class<?>> STREAMS =
      Set.of(Stream.class, IntStream.class, LongStream.class, DoubleStream.class, Iterator.class);

  /** For a value that is taken as it comes. */
  static final Conversion ANYTHING = new Conversion(Object.class);

  private static final ClassValue<Conversion> TO_CLASS =
      new ClassValue<>() {
        @Override
        protected Conversion computeValue(Class<?> type) {
          return new Conversion(type);
        }
      };

  private final Type type;
  private final JavaType target;
  private final Class<?> raw;
  private final boolean passesAsIs;

  /** What the values of a port or a stream are converted to; null if they are not. */
  private final @Nullable Conversion element;

  /** A conversion to a type: that to a class is made once. */
  static Conversion to(Type type) {
    return type instanceof Class<?> plain ? TO_CLASS.get(plain) : new Conversion(type);
  }

  /** Converts to a type. */
  Conversion(Type type) {
    this.type = type;
    this.target = MAPPER.constructType(type);
    this.raw = boxed(target.getRawClass());
    this.element = givesValues(raw) ? element(type, target) : null;
    this.passesAsIs =
        element == null && (isPort(raw) || raw == Object.class || !target.hasGenericTypes());
  }

  private static boolean isPort(Class<?> raw) {
    return ReadPort.class.isAssignableFrom(raw) || WritePort.class.isAssignableFrom(raw);
  }

  private static boolean isStream(Class<?> raw) {
    return STREAMS.contains(raw);
  }

  private static boolean givesValues(Class<?> raw) {
    return ReadPort.class.isAssignableFrom(raw) || isStream(raw);
  }

  private static @Nullable Conversion element(Type type, JavaType target) {
    JavaType stream = target.findSuperType(BaseStream.class);
    Type element =
        stream != null
            ? stream.containedTypeOrUnknown(0)
            : type instanceof ParameterizedType parameterized
                ? parameterized.getActualTypeArguments()[0]
                : target.containedTypeCount() == 1 ? target.containedType(0) : Object.class;
    return MAPPER.constructType(element).isJavaLangObject() ? null : new Conversion(element);
  }

  /** Whether it is to a type that has no value. */
  boolean isToNothing() {
    return raw == Void.class;
  }

  /** A channel as one of this type: what is taken from it is converted. */
  Object typed(Object channel) {
    return element != null && channel instanceof ReadPort<?> port
        ? TypedPort.of(port, element)
        : channel;
  }

  /**
   * Converts a value.
   *
   * @return the value as the type wants it; null only for what is null as data, where the type can
   *     be null
   * @throws Misfit if it does not fit
   */
  @Nullable Object convert(@Nullable Object value) throws Misfit {
    if (passesAsIs && raw.isInstance(value)) {
      return value;
    }
    if (value == null && target.isPrimitive()) {
      throw new Misfit(misfit(null));
    }
    if (value instanceof ReadPort<?> port && isStream(raw)) {
      return stream(port);
    }
    if (isPort(raw) && raw.isInstance(value)) {
      return typed(value);
    }
    if (value instanceof Number number && Number.class.isAssignableFrom(raw)) {
      return exactly(number);
    }
    try (TokenBuffer data = new TokenBuffer(MAPPER, false)) {
      MAPPER.writeValue(data, value);
      return MAPPER.readValue(data.asParser(), target);
    } catch (IOException | IllegalArgumentException e) {
      throw new Misfit(misfit(value) + detail(e));
    } catch (StackOverflowError e) {
      throw new Misfit(misfit(value) + ", nested too deeply");
    }
  }

  /**
   * Converts a value where null is none.
   *
   * @throws Misfit if it does not fit, or is null as data
   */
  Object convertToValue(@Nullable Object value) throws Misfit {
    Object converted = convert(value);
    if (converted == null) {
      throw new Misfit(misfit(value));
    }
    return converted;
  }

  /** The values of a channel, as a caller of a typed client sees a stream. */
  private Object stream(ReadPort<?> port) {
    ReadPort<?> values = (ReadPort<?>) typed(port);
    if (raw == Iterator.class) {
      return values.iterator();
    }
    Stream<?> plain = values.stream();
    Stream<?> stream = port instanceof Channel<?> channel ? plain.onClose(channel::cancel) : plain;
    if (raw == IntStream.class) {
      return stream.mapToInt(Integer.class::cast);
    } else if (raw == LongStream.class) {
      return stream.mapToLong(Long.class::cast);
    } else if (raw == DoubleStream.class) {
      return stream.mapToDouble(Double.class::cast);
    }
    return stream;
  }

  /** Reads the text of a {@link Default}. */
  @Nullable Object parse(String text) throws Misfit {
    if (raw == String.class) {
      return text;
    }
    try {
      return convert(WITH_ALL_DIGITS.readValue(text));
    } catch (JsonProcessingException e) {
      return convert(text);
    }
  }

  private Object exactly(Number number) throws Misfit {
    try {
      BigDecimal exact =
          number instanceof Long whole ? BigDecimal.valueOf(whole) : new BigDecimal("" + number);
      if (raw == Integer.class) {
        return exact.intValueExact();
      } else if (raw == Long.class) {
        return exact.longValueExact();
      } else if (raw == Short.class) {
        return exact.shortValueExact();
      } else if (raw == Byte.class) {
        return exact.byteValueExact();
      } else if (raw == Double.class && Double.isFinite(exact.doubleValue())) {
        return exact.doubleValue();
      } else if (raw == Float.class && Float.isFinite(exact.floatValue())) {
        return exact.floatValue();
      } else if (raw == BigDecimal.class) {
        return exact;
      } else if (raw == java.math.BigInteger.class) {
        return exact.toBigIntegerExact();
      }
    } catch (NumberFormatException e) {
      if (raw == Double.class) { // not a number, or infinite
        return number.doubleValue();
      } else if (raw == Float.class) {
        return number.floatValue();
      }
    } catch (ArithmeticException e) {
      // it has a fraction, or is too large
    }
    throw new Misfit(misfit(number));
  }

  private String misfit(@Nullable Object value) {
    return "expected " + this + ", but came " + Texts.describe(value);
  }

  /** Where inside a larger value it went wrong, and how. */
  private String detail(Exception e) {
    if (!(e instanceof JsonMappingException mapping)) {
      return "";
    }
    boolean refused = mapping instanceof ValueInstantiationException;
    String why = refused ? refusal(mapping) : inWords(mapping);
    if (mapping.getPath().isEmpty()) {
      return refused || SealedTypes.isSealed(raw) ? " (" + why + ")" : "";
    }
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : mapping.getPath()) {
      if (step.getFieldName() != null) {
        path.append(path.isEmpty() ? "" : ".").append(Glimpse.of(step.getFieldName()));
      } else {
        path.append('[').append(step.getIndex()).append(']');
      }
    }
    return " (at " + path + ": " + why + ")";
  }

  private static String inWords(JsonMappingException mapping) {
    String first = mapping.getOriginalMessage().lines().findFirst().orElse("");
    return JACKSONS_ADVICE.matcher(first).replaceAll("");
  }

  /** What the type's own constructor says against it. */
  private static String refusal(JsonMappingException mapping) {
    Throwable thrown = mapping.getCause() == null ? mapping : mapping.getCause();
    String message = Words.messageOf(thrown);
    return "its constructor refuses it: "
        + (message == null ? thrown.getClass().getSimpleName() : message);
  }

  /** The type, as Java writes it. */
  @Override
  public String toString() {
    return nameOf(type);
  }

  /** A type as Java writes it, without packages. */
  static String nameOf(Type type) {
    if (type instanceof JavaType known && known.isArrayType()) {
      return nameOf(known.getContentType()) + "[]";
    }
    String name = type instanceof JavaType known ? known.toCanonical() : type.getTypeName();
    return name.replaceAll("[\\w.]+\\.(?=\\w)|\\w+\\$(?=\\w)", "");
  }

  private static Class<?> boxed(Class<?> type) {
    return java.lang.invoke.MethodType.methodType(type).wrap().returnType();
  }
}
