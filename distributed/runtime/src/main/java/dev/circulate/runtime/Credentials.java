package dev.circulate.runtime;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What a peer shows to prove who it is: a scheme of HTTP's, and a secret.
 *
 * {@snippet :
 * Peer peer = Peer.to(uri).credentials(Credentials.bearer(token)).connect();
 * }
 *
 * <p>They travel in the hello of a session, once, whatever the transport, and in the header {@code
 * Authorization} of an HTTP request. Neither hides them: over a network they need TLS. {@link
 * #toString} does not tell the secret.
 *
 * @param scheme how to read the secret, such as {@code Bearer}
 * @param secret the rest
 */
public record Credentials(String scheme, String secret) {
  /** Checks that they can be told apart when they are written. */
  public Credentials {
    if (!isWord(scheme)) {
      throw new IllegalArgumentException("a scheme is one word, not '" + scheme + "'");
    }
    if (secret.isBlank()) {
      throw new IllegalArgumentException("credentials of scheme " + scheme + " without a secret");
    }
  }

  /**
   * A token.
   *
   * @param token what the other side knows its bearer by
   */
  public static Credentials bearer(String token) {
    return new Credentials("Bearer", token);
  }

  /**
   * A name and a password.
   *
   * @param name without a colon
   * @param password any text
   */
  public static Credentials basic(String name, String password) {
    if (name.contains(":")) {
      throw new IllegalArgumentException("a name in credentials has no colon: '" + name + "'");
    }
    byte[] pair = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    return new Credentials("Basic", Base64.getEncoder().encodeToString(pair));
  }

  /**
   * Reads what {@link #header} writes.
   *
   * @param header the value of a header; null if there is none
   * @return the credentials; null if there are none, or it is something else
   */
  public static @Nullable Credentials parse(@Nullable String header) {
    int space = header == null ? -1 : header.indexOf(' ');
    if (header == null || space < 0) {
      return null;
    }
    String scheme = header.substring(0, space);
    String secret = header.substring(space + 1).strip();
    return isWord(scheme) && !secret.isEmpty() ? new Credentials(scheme, secret) : null;
  }

  private static boolean isWord(String scheme) {
    return !scheme.isEmpty() && scheme.chars().noneMatch(Character::isWhitespace);
  }

  /** As they stand in the header {@code Authorization}. */
  public String header() {
    return scheme + " " + secret;
  }

  /** Whether they are of a scheme; its name is the same in capitals and small letters. */
  public boolean is(String scheme) {
    return this.scheme.equalsIgnoreCase(scheme);
  }

  @Override
  public String toString() {
    return scheme + " …";
  }
}
