package dev.circulate.runtime;

import dev.circulate.internal.PutHandler;
import dev.circulate.internal.TakeHandler;
import org.jspecify.annotations.Nullable;

/** Who waits, and does not care what comes of it. */
final class Nobody implements TakeHandler<Object>, PutHandler {
  @Override
  public void taken(Object value) {}

  @Override
  public void ended(@Nullable Throwable cause) {}

  @Override
  public void accepted() {}

  @Override
  public void refused() {}
}
