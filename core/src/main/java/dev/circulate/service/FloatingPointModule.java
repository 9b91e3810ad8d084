package dev.circulate.service;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.deser.std.NumberDeserializers;
import com.fasterxml.jackson.databind.deser.std.PrimitiveArrayDeserializers;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.ReferenceType;
import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Has a Jackson mapper refuse a number that is too large for a {@code double} or a {@code float},
 * which would become infinite. What is infinite already stays so.
 */
final class FloatingPointModule extends SimpleModule {
  private static final long serialVersionUID = 1;

  FloatingPointModule() {
    super("floating point");
    for (Class<?> type : List.of(double.class, Double.class, float.class, Float.class)) {
      refine(type, NumberDeserializers.find(type, type.getName()));
    }
    refine(double[].class, PrimitiveArrayDeserializers.forType(double.class));
    refine(float[].class, PrimitiveArrayDeserializers.forType(float.class));
    setDeserializerModifier(new OptionalDoubles());
  }

  private <T> void refine(Class<T> type, JsonDeserializer<?> jacksons) {
    @SuppressWarnings("unchecked") // it gives what Jackson's does
    JsonDeserializer<T> exact = (JsonDeserializer<T>) (JsonDeserializer<?>) new Exact(jacksons);
    addDeserializer(type, exact);
  }

  /** Refines the one for {@link OptionalDouble}, which is another module's. */
  private static final class OptionalDoubles extends BeanDeserializerModifier {
    private static final long serialVersionUID = 1;

    @Override
    public JsonDeserializer<?> modifyReferenceDeserializer(
        DeserializationConfig config,
        ReferenceType type,
        BeanDescription description,
        JsonDeserializer<?> jacksons) {
      return type.hasRawClass(OptionalDouble.class) ? new Exact(jacksons) : jacksons;
    }
  }

  /** Reads as another does, from numbers that do not become infinite. */
  private static final class Exact extends DelegatingDeserializer {
    private static final long serialVersionUID = 1;

    Exact(JsonDeserializer<?> jacksons) {
      super(jacksons);
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> jacksons) {
      return new Exact(jacksons);
    }

    @Override
    public Object deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return super.deserialize(new Numbers(in), context);
    }
  }

  /** Gives an infinite value for nothing but another. */
  private static final class Numbers extends JsonParserDelegate {
    Numbers(JsonParser in) {
      super(in);
    }

    @Override
    public double getDoubleValue() throws IOException {
      double value = super.getDoubleValue();
      if (Double.isInfinite(value)) {
        requireInfinite(double.class);
      }
      return value;
    }

    @Override
    public float getFloatValue() throws IOException {
      float value = super.getFloatValue();
      if (Float.isInfinite(value)) {
        requireInfinite(float.class);
      }
      return value;
    }

    private void requireInfinite(Class<?> type) throws IOException {
      Number came = getNumberValue();
      boolean isFloatingPoint = came instanceof Double || came instanceof Float;
      if (!isFloatingPoint || Double.isFinite(came.doubleValue())) {
        throw MismatchedInputException.from(
            this, type, "the number is too large for a " + type.getName());
      }
    }
  }
}
