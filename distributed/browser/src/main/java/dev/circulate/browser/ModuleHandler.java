package dev.circulate.browser;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers requests for a few files that never change, compressed for who takes them so. */
final class ModuleHandler extends Handler.Abstract {
  /** A file. */
  static final class Part {
    private final String path;
    private final String mediaType;
    private final byte[] plain;
    private final byte[] compressed;
    private final String tag;

    Part(String path, String mediaType, byte[] bytes) {
      this.path = path;
      this.mediaType = mediaType;
      this.plain = bytes;
      this.compressed = gzip(bytes);
      this.tag = '"' + digest(bytes) + '"';
    }

    String path() {
      return path;
    }
  }

  private final Map<String, Part> parts;

  ModuleHandler(List<Part> parts) {
    this.parts = parts.stream().collect(Collectors.toMap(Part::path, Function.identity()));
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Part part = parts.get(Request.getPathInContext(request));
    boolean isHead = HttpMethod.HEAD.is(request.getMethod());
    if (part == null || !(isHead || HttpMethod.GET.is(request.getMethod()))) {
      return false;
    }
    var headers = response.getHeaders();
    headers.put(HttpHeader.CACHE_CONTROL, "no-cache"); // asked again each time, and mostly 304
    headers.put(HttpHeader.ETAG, part.tag);
    headers.put(HttpHeader.VARY, "Accept-Encoding");
    headers.put("X-Content-Type-Options", "nosniff");
    if (request.getHeaders().contains(HttpHeader.IF_NONE_MATCH, part.tag)) {
      response.setStatus(HttpStatus.NOT_MODIFIED_304);
      callback.succeeded();
      return true;
    }
    boolean zips = request.getHeaders().contains(HttpHeader.ACCEPT_ENCODING, "gzip");
    byte[] body = zips ? part.compressed : part.plain;
    if (zips) {
      headers.put(HttpHeader.CONTENT_ENCODING, "gzip");
    }
    headers.put(HttpHeader.CONTENT_TYPE, part.mediaType);
    headers.put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, isHead ? null : ByteBuffer.wrap(body), callback);
    return true;
  }

  /** Once for all who fetch it, so as well as can be. */
  private static final class Smallest extends GZIPOutputStream {
    Smallest(OutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream(bytes.length / 3);
    try (OutputStream out = new Smallest(zipped)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return zipped.toByteArray();
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))
          .substring(0, 32);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
