package dev.circulate.service;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.ZonedDateTime;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Has a Jackson mapper read what is of {@code java.time} from itself or from its text alone: of a
 * number nobody knows whether it counts seconds, as Jackson believes, or milliseconds, as
 * JavaScript does. A year is a number.
 */
final class TimesModule extends SimpleModule {
  private static final long serialVersionUID = 1;

  TimesModule() {
    super("times");
    setDeserializerModifier(new Times());
  }

  private static boolean isTime(Class<?> type) {
    return type.getPackageName().equals("java.time");
  }

  private static final class Times extends BeanDeserializerModifier {
    private static final long serialVersionUID = 1;

    @Override
    public JsonDeserializer<?> modifyDeserializer(
        DeserializationConfig config, BeanDescription description, JsonDeserializer<?> jacksons) {
      return isTime(description.getBeanClass()) ? new OfText(jacksons) : jacksons;
    }
  }

  private static final class OfText extends DelegatingDeserializer {
    private static final long serialVersionUID = 1;

    /** Those that Jackson reads from the text of a number as well. */
    private static final Set<Class<?>> MOMENTS =
        Set.of(Instant.class, OffsetDateTime.class, ZonedDateTime.class);

    /** Of which no digit is looked at twice: a peer may send a million. */
    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]*+[.]?[0-9]*+");

    OfText(JsonDeserializer<?> jacksons) {
      super(jacksons);
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> jacksons) {
      return new OfText(jacksons);
    }

    @Override
    public @Nullable Object deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      Object value = in.getEmbeddedObject();
      if (handledType().isInstance(value)) {
        return value;
      }
      if (value != null && isTime(value.getClass())) {
        return super.deserialize(textOf(value, in), context);
      }
      boolean fits =
          switch (in.currentToken()) {
            case VALUE_STRING ->
                !MOMENTS.contains(handledType()) || !NUMBER.matcher(in.getText()).matches();
            case VALUE_NUMBER_INT -> handledType() == Year.class;
            default -> false;
          };
      return fits
          ? super.deserialize(in, context)
          : context.reportInputMismatch(
              handledType(), "expected its text as ISO-8601 has it, not %s", in.getText());
    }

    private static JsonParser textOf(Object time, JsonParser in) throws IOException {
      Object spoken = time instanceof ZonedDateTime zoned ? zoned.toOffsetDateTime() : time;
      JsonParser text = TextNode.valueOf(spoken.toString()).traverse(in.getCodec());
      text.nextToken();
      return text;
    }
  }
}
