package dev.circulate.http;

import dev.circulate.service.CallError;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was not answered with a value: a status, and a problem document as RFC 9457 has it.
 *
 * @param status the status of the response
 * @param code which problem it is: the {@link dev.circulate.service.ErrorCode}'s id, or one of the
 *     gateway's own
 * @param detail what happened, for a person
 * @param more further members of the document
 * @param headers what the response says in its header
 */
record Problem(
    int status, String code, String detail, Map<String, Object> more, Map<String, String> headers) {

  static final String MEDIA_TYPE = "application/problem+json";

  /** What the type of a problem begins with; its code follows. */
  static final String TYPE = "urn:circulate:problem:";

  private static Problem of(int status, String code, String detail) {
    return new Problem(status, code, detail, Map.of(), Map.of());
  }

  private Problem with(String header, String value) {
    return new Problem(status, code, detail, more, Map.of(header, value));
  }

  /** What a service, or the library in front of it, answered. */
  static Problem of(CallError error) {
    Map<String, Object> more = new LinkedHashMap<>(error.toData());
    more.remove("code");
    more.remove("message");
    Object type = more.remove("type"); // means something else in a problem document
    if (type != null && !type.equals("")) {
      more.put("exception", type);
    }
    Problem problem =
        new Problem(statusOf(error), error.code().id(), error.message(), more, Map.of());
    return error instanceof CallError.Overloaded ? problem.with("Retry-After", "1") : problem;
  }

  private static int statusOf(CallError error) {
    return switch (error) {
      case CallError.InvalidArgument _ -> 422;
      case CallError.Unauthenticated _ -> 401;
      case CallError.Refused _ -> 403;
      case CallError.UnknownService _, CallError.UnknownCommand _ -> 404;
      case CallError.Failed _, CallError.Internal _ -> 500;
      case CallError.PeerLost _ -> 502;
      case CallError.Overloaded _, CallError.Cancelled _ -> 503;
      case CallError.Timeout _, CallError.DeadlineExceeded _ -> 504;
    };
  }

  // ---- the gateway's own

  static Problem malformedJson(String why) {
    return of(400, "malformed-json", "the body is not what was expected: " + why);
  }

  static Problem malformedRequest(String why) {
    return of(400, "malformed-request", why);
  }

  static Problem unauthenticated() {
    return of(401, "unauthenticated", "who asks must say who it is, as WWW-Authenticate tells");
  }

  /** The same, with what the caller should show. */
  Problem challenging(String challenge) {
    return with("WWW-Authenticate", challenge);
  }

  static Problem crossOrigin(String origin) {
    return of(
        403, "cross-origin", "pages of " + origin + " may not ask here: it is not allowed as such");
  }

  static Problem misdirected(String host) {
    return of(
        421,
        "misdirected-request",
        "this server does not know itself as "
            + host
            + ": it answers under localhost, and under the names that it was given");
  }

  static Problem notFound(String path) {
    return of(
        404,
        "not-found",
        "there is nothing at "
            + path
            + "; commands are at /services/{service}/{command}, and listed at /openapi.json");
  }

  static Problem methodNotAllowed(String method, String path, Collection<String> allowed) {
    String methods = String.join(", ", allowed);
    return of(405, "method-not-allowed", path + " can be asked by " + methods + ", not " + method)
        .with("Allow", methods);
  }

  static Problem notAcceptable(String accept, String possible) {
    return of(406, "not-acceptable", "the answer can be " + possible + ", not '" + accept + "'");
  }

  static Problem slow(Duration limit) {
    return of(408, "request-timeout", "the body did not come within " + limit)
        .with("Connection", "close");
  }

  static Problem tooLarge(long limit) {
    return of(413, "too-large", "a body has at most " + limit + " bytes")
        .with("Connection", "close");
  }

  static Problem unsupportedMediaType(String came) {
    return of(415, "unsupported-media-type", "arguments come as application/json, not " + came)
        .with("Accept", "application/json");
  }

  static Problem upgradeRequired(String path) {
    return of(426, "upgrade-required", path + " is for WebSocket links")
        .with("Upgrade", "websocket");
  }

  static Problem stopping() {
    return of(503, "stopping", "the server is about to stop, and begins nothing new")
        .with("Connection", "close");
  }

  /**
   * What the HTTP server itself refuses or fails at.
   *
   * @param why in its words, which are not for the caller if it failed; may be missing
   */
  static Problem ofServer(int status, @Nullable String why) {
    return of(
        status,
        title(status).toLowerCase(Locale.ROOT).replace(' ', '-'),
        status >= 500 || why == null || why.isEmpty()
            ? "the HTTP server could not do it"
            : "the HTTP server refused it: " + why);
  }

  // ---- the document

  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", TYPE + code);
    document.put("title", title(status));
    document.put("status", status);
    document.put("detail", detail);
    document.put("code", code);
    document.putAll(more);
    return document;
  }

  private static String title(int status) {
    return org.eclipse.jetty.http.HttpStatus.getMessage(status);
  }
}
