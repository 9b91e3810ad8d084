package dev.circulate.service;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.deser.std.NumberDeserializers;
import com.fasterxml.jackson.databind.deser.std.PrimitiveArrayDeserializers;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.ReferenceType;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Has a Jackson mapper read some types of numbers through a parser that shows them otherwise. */
abstract class NumbersModule extends SimpleModule {
  private static final long serialVersionUID = 1;

  /**
   * A module.
   *
   * @param view the parser that shows the numbers of another
   * @param types of numbers
   * @param elements of arrays of numbers
   * @param optionals those of the JDK's optional numbers, whose deserializers are another module's
   */
  NumbersModule(
      String name,
      UnaryOperator<JsonParser> view,
      List<Class<?>> types,
      List<Class<?>> elements,
      Set<Class<?>> optionals) {
    super(name);
    for (Class<?> type : types) {
      refine(type, NumberDeserializers.find(type, type.getName()), view);
    }
    for (Class<?> element : elements) {
      refine(element.arrayType(), PrimitiveArrayDeserializers.forType(element), view);
    }
    setDeserializerModifier(new Optionals(view, optionals));
  }

  private <T> void refine(
      Class<T> type, JsonDeserializer<?> jacksons, UnaryOperator<JsonParser> view) {
    @SuppressWarnings("unchecked") // it gives what Jackson's does
    JsonDeserializer<T> refined =
        (JsonDeserializer<T>) (JsonDeserializer<?>) new Viewing(jacksons, view);
    addDeserializer(type, refined);
  }

  private static final class Optionals extends BeanDeserializerModifier {
    private static final long serialVersionUID = 1;

    private final transient UnaryOperator<JsonParser> view;
    private final transient Set<Class<?>> types;

    Optionals(UnaryOperator<JsonParser> view, Set<Class<?>> types) {
      this.view = view;
      this.types = types;
    }

    @Override
    public JsonDeserializer<?> modifyReferenceDeserializer(
        DeserializationConfig config,
        ReferenceType type,
        BeanDescription description,
        JsonDeserializer<?> jacksons) {
      return types.contains(type.getRawClass()) ? new Viewing(jacksons, view) : jacksons;
    }
  }

  /** Reads as another does, through the parser. */
  private static final class Viewing extends DelegatingDeserializer {
    private static final long serialVersionUID = 1;

    private final transient UnaryOperator<JsonParser> view;

    Viewing(JsonDeserializer<?> jacksons, UnaryOperator<JsonParser> view) {
      super(jacksons);
      this.view = view;
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> jacksons) {
      return new Viewing(jacksons, view);
    }

    @Override
    public @Nullable Object deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      return super.deserialize(view.apply(in), context);
    }
  }
}
