package dev.circulate.service;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Has a Jackson mapper refuse a number that is too large for a {@code double} or a {@code float},
 * which would become infinite. What is infinite already stays so.
 */
final class FloatingPointModule extends NumbersModule {
  private static final long serialVersionUID = 1;

  FloatingPointModule() {
    super(
        "floating point",
        Numbers::new,
        List.of(double.class, Double.class, float.class, Float.class),
        List.of(double.class, float.class),
        Set.of(OptionalDouble.class));
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
