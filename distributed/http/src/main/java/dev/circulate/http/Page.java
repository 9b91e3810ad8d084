package dev.circulate.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The page at the root path, and what it is made of. It fetches what it shows, writes it as text
 * and never as markup, and may load and call nothing but this server.
 */
final class Page {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
          + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Map<String, Page> PAGES =
      Map.of(
          "/", read("page.html", "text/html; charset=utf-8"),
          "/page.js", read("page.js", "text/javascript; charset=utf-8"),
          "/page.css", read("page.css", "text/css; charset=utf-8"));

  private final String mediaType;
  private final byte[] body;

  private Page(String mediaType, byte[] body) {
    this.mediaType = mediaType;
    this.body = body;
  }

  /** The page at a path; null if there is none. */
  static @Nullable Page at(String path) {
    return PAGES.get(path);
  }

  private static Page read(String name, String mediaType) {
    try (InputStream in =
        Objects.requireNonNull(Page.class.getResourceAsStream(name), () -> name + " is missing")) {
      return new Page(mediaType, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void answer(Exchange exchange) {
    exchange.response().getHeaders().put("Content-Security-Policy", POLICY);
    exchange.response().getHeaders().put("Referrer-Policy", "no-referrer");
    exchange.answer(200, mediaType, body);
  }
}
