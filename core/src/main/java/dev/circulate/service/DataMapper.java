package dev.circulate.service;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.BeanProperty;
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
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.circulate.Channel;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Jackson as conversions use it: strict, with channels, times and names that pass untouched at any
 * depth, and sealed types told apart by {@link SealedTypes}.
 */
final class DataMapper {
  /** What passes as it is at any depth, as channels do: its text could be less. */
  private static final List<Class<?>> THEMSELVES =
      List.of(
          Instant.class,
          OffsetDateTime.class,
          ZonedDateTime.class,
          OffsetTime.class,
          LocalDate.class,
          LocalTime.class,
          LocalDateTime.class,
          Year.class,
          YearMonth.class,
          MonthDay.class,
          Duration.class,
          Period.class,
          ZoneId.class,
          UUID.class,
          URI.class);

  static final ObjectMapper MAPPER = mapper();

  private DataMapper() {}

  private static ObjectMapper mapper() {
    SimpleModule embedded =
        new SimpleModule("embedded")
            .addSerializer(ReadPort.class, new Embedding<>())
            .addSerializer(WritePort.class, new Embedding<>())
            .addDeserializer(ReadPort.class, new Embedded<>(ReadPort.class, null))
            .addDeserializer(WritePort.class, new Embedded<>(WritePort.class, null))
            .addDeserializer(Channel.class, new Embedded<>(Channel.class, null))
            .addDeserializer(String.class, new Text());
    for (Class<?> type : THEMSELVES) {
      embedded.addSerializer(type, new Embedding<>());
    }
    JsonMapper mapper =
        JsonMapper.builder()
            .addModules(
                new Jdk8Module(),
                new JavaTimeModule().disable(JavaTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID),
                new TimesModule(),
                embedded,
                new RecordsModule(),
                new SealedTypesModule(),
                new SetsModule(),
                new MapsModule(),
                new FloatingPointModule(),
                new WholeNumbersModule())
            .defaultLeniency(false)
            .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
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
    mapper
        .coercionConfigFor(LogicalType.OtherScalar)
        .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail);
    for (Class<?> number : List.of(OptionalInt.class, OptionalLong.class, OptionalDouble.class)) {
      mapper
          .coercionConfigFor(number)
          .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail);
    }
    for (Class<?> hasEmpty : List.of(URI.class, Locale.class)) {
      mapper
          .coercionConfigFor(hasEmpty)
          .setCoercion(CoercionInputShape.EmptyString, CoercionAction.TryConvert);
    }
    return mapper;
  }

  /** Carries a channel, or what else is embedded, through Jackson untouched. */
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

  /** Text, which a channel is not, though it has a name. */
  private static final class Text extends StdScalarDeserializer<String> {
    private static final long serialVersionUID = 1;

    Text() {
      super(String.class);
    }

    @Override
    public LogicalType logicalType() {
      return LogicalType.Textual;
    }

    @Override
    public @Nullable String deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      return in.getEmbeddedObject() instanceof ReadPort<?>
              || in.getEmbeddedObject() instanceof WritePort<?>
          ? context.reportInputMismatch(String.class, "a channel is no text")
          : StringDeserializer.instance.deserialize(in, context);
    }
  }

  /** The other end of {@link Embedding}, where the type of the channel's values is known. */
  private static final class Embedded<P> extends JsonDeserializer<P>
      implements ContextualDeserializer {
    private final Class<P> port;
    private final @Nullable JavaType type;

    Embedded(Class<P> port, @Nullable JavaType type) {
      this.port = port;
      this.type = type;
    }

    @Override
    public JsonDeserializer<?> createContextual(
        DeserializationContext context, @Nullable BeanProperty property)
        throws JsonMappingException {
      return new Embedded<>(port, context.getContextualType());
    }

    @Override
    public P deserialize(JsonParser in, DeserializationContext context) throws IOException {
      if (in.currentToken() == JsonToken.VALUE_EMBEDDED_OBJECT
          && port.isInstance(in.getEmbeddedObject())) {
        Object channel = in.getEmbeddedObject();
        return port.cast(type == null ? channel : new Conversion(type).typed(channel));
      }
      return context.reportInputMismatch(
          port, "expected a channel (%s), not %s", port.getSimpleName(), in.currentToken());
    }
  }
}
