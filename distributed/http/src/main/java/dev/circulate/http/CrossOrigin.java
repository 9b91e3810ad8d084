package dev.circulate.http;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which pages of other origins may ask. A page of the server's own origin always may; with none
 * allowed, a foreign page that a person looks at cannot use that person's rights, not even to open
 * a WebSocket, which browsers do not restrain themselves.
 *
 * @param allowed origins, as {@code https://app.example}; {@code *} stands for all
 */
record CrossOrigin(Set<String> allowed) {
  /** Whether a request may be answered. */
  boolean admits(@Nullable String origin, @Nullable String host) {
    return origin == null || isOwn(origin, host) || allows(origin);
  }

  /** Whether a request comes from a page of an allowed other origin, which is to be told so. */
  boolean allows(String origin) {
    return allowed.contains("*") || allowed.contains(origin);
  }

  /** The scheme is left out, since a proxy in front may have taken the TLS off. */
  private static boolean isOwn(String origin, @Nullable String host) {
    int authority = origin.indexOf("://");
    return host != null && authority >= 0 && origin.substring(authority + 3).equals(host);
  }
}
