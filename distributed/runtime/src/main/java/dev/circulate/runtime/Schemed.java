package dev.circulate.runtime;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Knows callers by credentials of one scheme.
 *
 * @param scheme its name
 * @param challenge how it is asked for
 * @param identities who has this secret; null if nobody has
 */
record Schemed(String scheme, String challenge, Function<String, @Nullable String> identities)
    implements Authenticator {
  @Override
  public @Nullable String identify(Caller caller) {
    Credentials shown = caller.credentials();
    return shown != null && shown.is(scheme) ? identities.apply(shown.secret()) : null;
  }
}
