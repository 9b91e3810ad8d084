package dev.circulate.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.circulate.runtime.Authenticator;
import dev.circulate.runtime.Credentials;
import dev.circulate.service.CallError;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response: what the request says, and the ways to answer it.
 *
 * @param request what came
 * @param response what goes back
 * @param callback told once, when the answer has been written or cannot be
 */
record Exchange(Request request, Response response, Callback callback)
    implements Authenticator.Caller {

  private static final long MOST_THROWN_AWAY = 64 << 10;

  String method() {
    return request.getMethod();
  }

  String path() {
    String path = request.getHttpURI().getDecodedPath();
    return path == null ? "/" : path;
  }

  @Override
  public String peer() {
    return Request.getRemoteAddr(request);
  }

  @Override
  public @Nullable Credentials credentials() {
    return Credentials.parse(header("Authorization"));
  }

  @Override
  public @Nullable String header(String name) {
    return request.getHeaders().get(name);
  }

  /** Which client it is, in words. */
  String client() {
    return "http client " + peer() + ":" + Request.getRemotePort(request);
  }

  /** The parts of the path, decoded one by one: a name may have a slash. */
  List<String> segments() {
    String path = request.getHttpURI().getCanonicalPath();
    if (path == null) {
      return List.of();
    }
    String[] segments = (path.startsWith("/") ? path.substring(1) : path).split("/", -1);
    return Arrays.stream(segments).map(URIUtil::decodePath).toList();
  }

  Accepts accepts() {
    List<String> values = request.getHeaders().getValuesList(HttpHeader.ACCEPT);
    return new Accepts(values.isEmpty() ? null : String.join(",", values));
  }

  /** What the query gives, by name, in order. */
  Map<String, List<String>> query() {
    Map<String, List<String>> query = new java.util.LinkedHashMap<>();
    try {
      Request.extractQueryParameters(request)
          .forEach(
              field ->
                  query
                      .computeIfAbsent(field.getName(), _ -> new ArrayList<>())
                      .addAll(field.getValues()));
    } catch (RuntimeException e) {
      throw new ProblemException(
          Problem.malformedRequest("the query cannot be decoded: " + e.getMessage()));
    }
    return query;
  }

  /** The media type of the body, without parameters and in lower case; empty if none is said. */
  String mediaType() {
    String type = header("Content-Type");
    return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /**
   * Says that the connection ends, unless all of the body has come: Jetty keeps none on which
   * something is left of it. What has come is thrown away.
   */
  void endUnlessRead() {
    if (!isRead()) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
  }

  private boolean isRead() {
    if (request.getHeaders().contains(HttpHeader.EXPECT)) {
      return false; // a read would ask for it
    }
    for (long left = MOST_THROWN_AWAY; left > 0; ) {
      Content.Chunk chunk = request.read();
      if (chunk == null || Content.Chunk.isFailure(chunk)) {
        return false;
      }
      left -= chunk.remaining();
      chunk.release();
      if (chunk.isLast()) {
        return true;
      }
    }
    return false;
  }

  // ---- answering

  /** Answers with a value. */
  void answer(Form form, @Nullable Object value) {
    byte[] json;
    try {
      json = Json.bytes(value);
    } catch (JsonProcessingException e) {
      problem(
          Problem.of(
              new CallError.Internal("the answer has no form as JSON: " + e.getOriginalMessage())));
      return;
    }
    var out = new java.io.ByteArrayOutputStream(json.length + 8);
    form.write(json, out);
    out.writeBytes(form.end());
    answer(200, form.mediaType(), out.toByteArray());
  }

  void problem(Problem problem) {
    problem.headers().forEach((name, value) -> response.getHeaders().put(name, value));
    byte[] document;
    try {
      document = Json.bytes(problem.document());
    } catch (JsonProcessingException e) {
      throw new AssertionError("a problem is texts and numbers", e);
    }
    answer(problem.status(), Problem.MEDIA_TYPE, document);
  }

  void answer(int status, String mediaType, byte[] body) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, mediaType);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  /** Answers with a header alone. */
  void nothing(int status) {
    response.setStatus(status);
    response.write(true, BufferUtil.EMPTY_BUFFER, callback);
  }
}
