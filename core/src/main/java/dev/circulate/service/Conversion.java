package dev.circulate.service;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.circulate.Channel;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import java.io.IOException;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Turns what came in a message into the type that a parameter, or a caller, wants.
 *
 * <p>What already is of the type passes as it is. A number passes if the type can hold it exactly;
 * any other conversion is Jackson's, with its leniency off: no text for a number, no fraction for
 * an int. Channels pass untouched, at any depth.
 */
final class Conversion {
  /** Says that a value does not convert; the message says what was expected and what came. */
  static final class Misfit extends Exception {
    private static final long serialVersionUID = 1;

    Misfit(String message) {
      super(message, null, false, false);
    }
  }

  private static final ObjectMapper MAPPER = mapper();

  private final Type type;
  private final JavaType target;
  private final Class<?> raw;
  private final boolean passesAsIs;

  /** Converts to a type. */
  Conversion(Type type) {
    this.type = type;
    this.target = MAPPER.constructType(type);
    this.raw = boxed(target.getRawClass());
    this.passesAsIs = isPort(raw) || raw == Object.class || !target.hasGenericTypes();
  }

  private static boolean isPort(Class<?> raw) {
    return ReadPort.class.isAssignableFrom(raw) || WritePort.class.isAssignableFrom(raw);
  }

  /**
   * Converts a value.
   *
   * @return the value as the type wants it; null only for null, where the type can be null
   * @throws Misfit if it does not fit
   */
  @Nullable Object convert(@Nullable Object value) throws Misfit {
    if (passesAsIs && raw.isInstance(value)) {
      return value;
    }
    if (value == null && target.isPrimitive()) {
      throw new Misfit(misfit(null));
    }
    if (value instanceof Number number && Number.class.isAssignableFrom(raw)) {
      return exactly(number);
    }
    try {
      return MAPPER.convertValue(value, target);
    } catch (IllegalArgumentException e) {
      throw new Misfit(misfit(value) + detail(e));
    } catch (StackOverflowError e) {
      throw new Misfit(misfit(value) + ", nested too deeply");
    }
  }

  /** Reads the text of a {@link Default}. */
  @Nullable Object parse(String text) throws Misfit {
    if (raw == String.class) {
      return text;
    }
    try {
      return convert(MAPPER.readValue(text, Object.class));
    } catch (JsonProcessingException e) {
      return convert(text);
    }
  }

  private Object exactly(Number number) throws Misfit {
    try {
      BigDecimal exact = new BigDecimal(number.toString());
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
  private static String detail(IllegalArgumentException e) {
    if (!(e.getCause() instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
      return "";
    }
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : mapping.getPath()) {
      if (step.getFieldName() != null) {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      } else {
        path.append('[').append(step.getIndex()).append(']');
      }
    }
    return " (at "
        + path
        + ": "
        + mapping.getOriginalMessage().lines().findFirst().orElse("")
        + ")";
  }

  /** The type, as Java writes it. */
  @Override
  public String toString() {
    return nameOf(type);
  }

  /** A type as Java writes it, without packages. */
  static String nameOf(Type type) {
    return type.getTypeName().replaceAll("[\\w.]+\\.(?=\\w)|\\w+\\$(?=\\w)", "");
  }

  private static Class<?> boxed(Class<?> type) {
    return java.lang.invoke.MethodType.methodType(type).wrap().returnType();
  }

  // ---- Jackson

  private static ObjectMapper mapper() {
    SimpleModule channels =
        new SimpleModule("channels")
            .addSerializer(ReadPort.class, new Embedding<>())
            .addSerializer(WritePort.class, new Embedding<>())
            .addDeserializer(ReadPort.class, new Embedded<>(ReadPort.class))
            .addDeserializer(WritePort.class, new Embedded<>(WritePort.class))
            .addDeserializer(Channel.class, new Embedded<>(Channel.class));
    JsonMapper mapper =
        JsonMapper.builder()
            .addModules(new Jdk8Module(), new JavaTimeModule(), channels)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .build();
    for (CoercionInputShape shape :
        new CoercionInputShape[] {
          CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean
        }) {
      mapper.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail);
    }
    return mapper;
  }

  /** Carries a channel through Jackson untouched. */
  private static final class Embedding<P> extends JsonSerializer<P> {
    @Override
    public void serialize(P channel, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeEmbeddedObject(channel);
    }

    @Override
    public void serializeWithType(
        P channel, JsonGenerator out, SerializerProvider provider, TypeSerializer types)
        throws IOException {
      serialize(channel, out, provider);
    }
  }

  private static final class Embedded<P> extends JsonDeserializer<P> {
    private final Class<P> port;

    Embedded(Class<P> port) {
      this.port = port;
    }

    @Override
    public P deserialize(JsonParser in, DeserializationContext context) throws IOException {
      if (in.currentToken() == JsonToken.VALUE_EMBEDDED_OBJECT
          && port.isInstance(in.getEmbeddedObject())) {
        return port.cast(in.getEmbeddedObject());
      }
      return context.reportInputMismatch(
          port, "expected a channel (%s), not %s", port.getSimpleName(), in.currentToken());
    }
  }
}
