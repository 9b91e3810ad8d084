package dev.circulate.runtime.codec;

import dev.circulate.internal.Glimpse;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A map of which the keys are no texts, as a frame has it. Nothing of it is hashed before {@link
 * Incoming} makes a map of it, which counts what that takes.
 *
 * @param parts each key before its value
 */
public record Pairs(List<@Nullable Object> parts) {
  /** Checks that each key has a value. */
  public Pairs {
    if (parts.size() % 2 != 0) {
      throw new CodecException("a map has a key without a value");
    }
  }

  /** No more of it than people look at. */
  @Override
  public String toString() {
    return "pairs of " + Glimpse.of(parts);
  }

  int size() {
    return parts.size() / 2;
  }

  void forEach(BiConsumer<@Nullable Object, @Nullable Object> action) {
    for (int i = 0; i < parts.size(); i += 2) {
      action.accept(parts.get(i), parts.get(i + 1));
    }
  }
}
