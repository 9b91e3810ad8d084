package dev.circulate.http;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code Authorization} says under one scheme.
 *
 * @param scheme its name
 * @param challenge how it is asked for
 * @param identities who has these credentials; null if nobody has
 */
record Schemed(String scheme, String challenge, Function<String, @Nullable String> identities)
    implements Authenticator {
  @Override
  public @Nullable String identify(Incoming request) {
    String given = request.header("Authorization");
    int length = scheme.length();
    if (given == null
        || !given.regionMatches(true, 0, scheme, 0, length)
        || given.length() <= length
        || given.charAt(length) != ' ') {
      return null;
    }
    return identities.apply(given.substring(length + 1).strip());
  }
}
