package dev.circulate;

import dev.circulate.internal.Words;
import java.io.Serial;

/**
 * Thrown on leaving a {@link Scope} in which a go block failed, after all of them have ended.
 *
 * <p>{@link #getCause()} is what the first one threw; what others threw besides is suppressed in
 * this exception, which has the stack trace of whoever left the scope.
 */
public final class ScopeFailedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  ScopeFailedException(String scope, Throwable first) {
    super(scope + " failed with " + Words.of(first), first);
  }
}
