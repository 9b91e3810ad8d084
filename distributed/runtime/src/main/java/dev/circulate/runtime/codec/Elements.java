package dev.circulate.runtime.codec;

import dev.circulate.internal.Glimpse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A set as a frame has it. Nothing of it is hashed before {@link Incoming} makes a set of it, which
 * counts what that takes.
 *
 * @param parts what is in it, perhaps more than once
 */
public record Elements(List<@Nullable Object> parts) {
  /** No more of it than people look at. */
  @Override
  public String toString() {
    return "a set of " + Glimpse.of(parts);
  }
}
