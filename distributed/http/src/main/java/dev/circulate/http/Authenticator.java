package dev.circulate.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Says who asks, before anything is answered: requests, and connections for a WebSocket.
 *
 * {@snippet :
 * Rest.serve(root).authenticator(Authenticator.bearer(tokens::get)).start();
 * }
 *
 * <p>A service finds the identity in its caller's {@link dev.circulate.service.Origin}. <b>Threads.
 * </b> It is asked in the virtual thread of each request, many at a time, and may block.
 */
public interface Authenticator {
  /** What a request says of itself. */
  interface Incoming {
    /** The method: {@code GET}, {@code POST}. */
    String method();

    /** The path, decoded. */
    String path();

    /** From which address it came; behind a proxy, the proxy's. */
    String address();

    /**
     * A field of the header.
     *
     * @param name its name, in any case
     * @return its value; null if it is not there
     */
    @Nullable String header(String name);
  }

  /**
   * Finds out who asks.
   *
   * @param request what the request says of itself
   * @return who it is; null if it has not proven that, which is answered by 401 and the {@link
   *     #challenge()}
   * @throws Exception if that cannot be found out, which is answered by 500
   */
  @Nullable String identify(Incoming request) throws Exception;

  /** What {@code WWW-Authenticate} says to who has not proven who it is. */
  String challenge();

  /**
   * Tells callers by a token, {@code Authorization: Bearer …}.
   *
   * @param identities who has a token; null if nobody has it. To compare tokens with one another,
   *     use a comparison whose time says nothing ({@link java.security.MessageDigest#isEqual})
   */
  static Authenticator bearer(Function<String, @Nullable String> identities) {
    return new Schemed("Bearer", "Bearer realm=\"circulate\"", identities);
  }

  /**
   * Tells callers by name and password, {@code Authorization: Basic …}, which is safe only over
   * TLS.
   *
   * @param known whether the password is this name's
   */
  static Authenticator basic(BiPredicate<String, String> known) {
    return new Schemed(
        "Basic",
        "Basic realm=\"circulate\", charset=\"UTF-8\"",
        credentials -> {
          String pair;
          try {
            pair = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
          } catch (IllegalArgumentException e) {
            return null;
          }
          int colon = pair.indexOf(':');
          if (colon < 0) {
            return null;
          }
          String name = pair.substring(0, colon);
          return known.test(name, pair.substring(colon + 1)) ? name : null;
        });
  }
}
