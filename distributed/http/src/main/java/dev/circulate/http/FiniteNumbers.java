package dev.circulate.http;

import com.fasterxml.jackson.core.JsonGenerationException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;

/** Refuses to write numbers that JSON does not have: the infinite ones, and what is none. */
final class FiniteNumbers extends JsonGeneratorDelegate {
  FiniteNumbers(JsonGenerator out) {
    super(out, false);
  }

  private void requireFinite(double number) throws JsonGenerationException {
    if (!Double.isFinite(number)) {
      throw new JsonGenerationException("JSON has no number " + number, this);
    }
  }

  @Override
  public void writeNumber(double number) throws IOException {
    requireFinite(number);
    super.writeNumber(number);
  }

  @Override
  public void writeNumber(float number) throws IOException {
    requireFinite(number);
    super.writeNumber(number);
  }

  @Override
  public void writeArray(double[] numbers, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      requireFinite(numbers[i]);
    }
    super.writeArray(numbers, offset, length);
  }
}
