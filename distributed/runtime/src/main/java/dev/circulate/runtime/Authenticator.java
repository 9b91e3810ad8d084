package dev.circulate.runtime;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Says who a peer is, before anything is answered: once for each session, whatever its transport,
 * and for each request over HTTP.
 *
 * {@snippet :
 * Server server =
 *     Server.at(uri).root(root).authenticator(Authenticator.bearer(tokens::get)).start();
 * }
 *
 * <p>A service finds the identity in its caller's {@link dev.circulate.service.Origin}. Who is not
 * identified gets no hello: its session ends with the code {@code unauthenticated}, and whoever
 * connects is told so. A session that goes on over another link is still the same peer's, since
 * only who was told the session's secret name can ask for that. <b>Threads.</b> It is asked in the
 * virtual thread of each link or request, many at a time, and may block.
 */
@FunctionalInterface
public interface Authenticator {
  /** What is known of a peer before it is known who it is. */
  interface Caller {
    /** From where it came, in words; behind a proxy, the proxy. */
    String peer();

    /** What it shows; null if nothing, or nothing that can be read. */
    @Nullable Credentials credentials();

    /**
     * A field of the header of a request over HTTP.
     *
     * @param name its name, in any case
     * @return its value; null if it is not there, or the caller has a session
     */
    default @Nullable String header(String name) {
      return null;
    }
  }

  /**
   * Finds out who a caller is.
   *
   * @param caller what is known of it
   * @return who it is; null if it has not proven that
   * @throws Exception if that cannot be found out: the caller is refused, and not told why
   */
  @Nullable String identify(Caller caller) throws Exception;

  /** What a caller should show, as in HTTP's header {@code WWW-Authenticate}. */
  default String challenge() {
    return "Bearer realm=\"circulate\"";
  }

  /**
   * Knows callers by a token.
   *
   * @param identities who has a token; null if nobody has it. To compare tokens with one another,
   *     use a comparison whose time says nothing ({@link java.security.MessageDigest#isEqual})
   */
  static Authenticator bearer(Function<String, @Nullable String> identities) {
    return new Schemed("Bearer", "Bearer realm=\"circulate\"", identities);
  }

  /**
   * Knows callers by name and password.
   *
   * @param known whether the password is this name's
   */
  static Authenticator basic(BiPredicate<String, String> known) {
    return new Schemed(
        "Basic",
        "Basic realm=\"circulate\", charset=\"UTF-8\"",
        secret -> {
          String pair;
          try {
            pair = new String(Base64.getDecoder().decode(secret), StandardCharsets.UTF_8);
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
