package dev.circulate.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.RecordsModule;
import dev.circulate.service.SealedTypesModule;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What goes over HTTP: values as JSON, and back as maps, lists, texts, numbers and booleans. */
final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder().addDecorator((_, out) -> new FiniteNumbers(out)).build())
          .addModules(
              new Jdk8Module(),
              new JavaTimeModule(),
              new RecordsModule(),
              new SealedTypesModule(),
              new SimpleModule("channels")
                  .addSerializer(ReadPort.class, new Refusing<>())
                  .addSerializer(WritePort.class, new Refusing<>()))
          .enable(SerializationFeature.WRITE_CHAR_ARRAYS_AS_JSON_ARRAYS)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private Json() {}

  /**
   * A value as JSON, in one line.
   *
   * @throws JsonProcessingException if it has no form as JSON; the message says why
   */
  static byte[] bytes(@Nullable Object value) throws JsonProcessingException {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (StackOverflowError e) {
      throw new JsonMappingException(null, "it is nested too deeply, or contains itself", e);
    }
  }

  /**
   * The JSON object that a request has in its body.
   *
   * @throws ProblemException if it is not one; the detail says where and why
   * @throws CallException if a number in it is too large or too small
   */
  static Map<?, ?> object(byte[] body) {
    Object value;
    try {
      value = MAPPER.readValue(body, Object.class);
    } catch (JsonProcessingException e) {
      throw new ProblemException(Problem.malformedJson(where(e)));
    } catch (IOException e) { // bytes that are no text
      throw new ProblemException(Problem.malformedJson(String.valueOf(e.getMessage())));
    }
    if (!(value instanceof Map<?, ?> object)) {
      throw new ProblemException(
          Problem.malformedJson(
              "expected an object with the arguments by name, not " + kind(value)));
    }
    try {
      return JsonNumbers.exact(object);
    } catch (ArithmeticException e) {
      throw new CallException(new CallError.InvalidArgument(String.valueOf(e.getMessage())));
    }
  }

  /** The value of a text that is JSON; else the text itself. */
  static @Nullable Object valueOrText(String text) {
    try {
      return text.isEmpty() ? text : JsonNumbers.exact(MAPPER.readValue(text, Object.class));
    } catch (JsonProcessingException | ArithmeticException e) {
      return text;
    }
  }

  private static String where(JsonProcessingException e) {
    String what = e.getOriginalMessage().lines().findFirst().orElse("it does not parse");
    if (e instanceof StreamConstraintsException || e.getLocation() == null) {
      return what;
    }
    return what
        + " (line "
        + e.getLocation().getLineNr()
        + ", column "
        + e.getLocation().getColumnNr()
        + ")";
  }

  private static String kind(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Iterable<?> _ -> "an array";
      case Number _ -> "a number";
      case Boolean _ -> "a boolean";
      default -> "a text";
    };
  }

  /** A channel is the whole of an answer, or is not in it. */
  private static final class Refusing<P> extends JsonSerializer<P> {
    @Override
    public void serialize(P channel, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      throw new JsonMappingException(
          out, channel + " is a channel inside a value: JSON cannot carry it");
    }
  }
}
