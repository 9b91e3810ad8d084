package dev.circulate.browser;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.runtime.Server;
import dev.circulate.service.Root;
import dev.circulate.websocket.WebSocketTransport;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The module as a Java program serves it. */
class BrowserPeerTest {
  private static final int LARGEST = 40_000;

  private final HttpClient client = HttpClient.newHttpClient();
  private Server server;

  @BeforeEach
  void start() throws IOException {
    Told.assumeNode();
    server =
        Server.at(URI.create("ws://127.0.0.1:0/csp"))
            .transport(
                new WebSocketTransport().sharing(BrowserPeer.pages(BrowserPeerTest.class, "pages")))
            .root(Root.named("b-root"))
            .start();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
    client.close();
  }

  private HttpResponse<byte[]> get(String path, String... headers)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.uri().getPort() + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    return client.send(
        (headers.length == 0 ? request : request.headers(headers)).build(),
        BodyHandlers.ofByteArray());
  }

  @Test
  @DisplayName("the module, with what it depends on, is smaller than 40 kB")
  void size() throws Exception {
    HttpResponse<byte[]> zipped = get(BrowserPeer.PATH, "Accept-Encoding", "gzip");
    assertThat(zipped.headers().firstValue("Content-Encoding")).hasValue("gzip");
    assertThat(zipped.body()).hasSizeLessThan(LARGEST);
  }

  @Test
  @DisplayName("the module makes no code of texts, which a page's policy may forbid")
  void noEval() {
    assertThat(new String(BrowserPeer.module(), StandardCharsets.UTF_8))
        .doesNotContainPattern("\\b(eval|Function)\\(");
  }

  @Test
  @DisplayName("the module is served as a script, and only once while it does not change")
  void served() throws Exception {
    HttpResponse<byte[]> plain = get(BrowserPeer.PATH);
    assertThat(plain.statusCode()).isEqualTo(200);
    assertThat(plain.body()).isEqualTo(BrowserPeer.module());
    assertThat(plain.headers().firstValue("Content-Type"))
        .hasValue("text/javascript; charset=utf-8");
    String tag = plain.headers().firstValue("ETag").orElseThrow();
    assertThat(get(BrowserPeer.PATH, "If-None-Match", tag).statusCode()).isEqualTo(304);
    assertThat(get(BrowserPeer.PATH + ".map").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "gzip"})
  @DisplayName("a cache keeps the module for those who take it so, and asks whether it has changed")
  void cached(String encoding) throws Exception {
    HttpHeaders header = get(BrowserPeer.PATH, "Accept-Encoding", encoding).headers();
    assertThat(header.firstValue("Vary")).hasValue("Accept-Encoding");
    assertThat(header.firstValue("Cache-Control")).hasValue("no-cache");
    assertThat(header.firstValue("X-Content-Type-Options")).hasValue("nosniff");
  }

  @Test
  @DisplayName("what is in a folder without a page is told to nobody")
  void notListed() throws Exception {
    assertThat(get("/below/page.html").statusCode()).isEqualTo(200);
    assertThat(get("/below/").statusCode()).isIn(403, 404);
  }

  @Test
  @DisplayName("a folder of pages is served beside it, and nothing else")
  void pages() throws Exception {
    assertThat(new String(get("/").body(), StandardCharsets.UTF_8)).contains("a page");
    assertThat(get("/nothing.html").statusCode()).isEqualTo(404);
    assertThat(get("/../BrowserPeerTest.class").statusCode()).isIn(400, 404);
    assertThat(get("/csp").statusCode()).isGreaterThanOrEqualTo(400);
  }

  /** A class that is packed into a jar beside a page. */
  static final class Packed {}

  /** A jar as a program is packed in, with a class of its own and a folder of pages. */
  private static Path jar(Path folder) throws IOException {
    Path file = folder.resolve("program.jar");
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
      jar.putNextEntry(new JarEntry("dev/circulate/browser/packed/")); // as all tools have it
      pack(jar, "BrowserPeerTest$Packed.class", "BrowserPeerTest$Packed.class");
      pack(jar, "pages/index.html", "packed/index.html"); // where only the jar has a folder
    }
    return file;
  }

  private static void pack(JarOutputStream jar, String resource, String name) throws IOException {
    jar.putNextEntry(new JarEntry("dev/circulate/browser/" + name));
    try (InputStream in = requireNonNull(BrowserPeerTest.class.getResourceAsStream(resource))) {
      in.transferTo(jar);
    }
  }

  @Test
  @DisplayName("pages, and what serves them, may be packed in a jar")
  void packed(@TempDir Path folder) throws Exception {
    server.close();
    try (URLClassLoader program =
        new URLClassLoader(new URL[] {jar(folder).toUri().toURL()}, null)) {
      Class<?> anchor = program.loadClass(Packed.class.getName());
      server =
          Server.at(URI.create("ws://127.0.0.1:0/csp"))
              .transport(new WebSocketTransport().sharing(BrowserPeer.pages(anchor, "packed")))
              .root(Root.named("b-root"))
              .start();
      assertThat(new String(get("/").body(), StandardCharsets.UTF_8)).contains("a page");
      assertThat(get(BrowserPeer.PATH).body()).isEqualTo(BrowserPeer.module());
      assertThat(get("/../BrowserPeerTest$Packed.class").statusCode()).isIn(400, 404);
    }
  }

  @Test
  @DisplayName("the types of all that a page can import are beside the module")
  void types() throws IOException {
    URL index = requireNonNull(BrowserPeer.class.getResource("types/index.d.ts"));
    String text;
    try (InputStream in = index.openStream()) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    List<String> parts =
        Pattern.compile("from \"\\./(.+)\\.js\"")
            .matcher(text)
            .results()
            .map(part -> part.group(1))
            .toList();
    assertThat(parts)
        .hasSizeGreaterThan(10)
        .allSatisfy(
            part ->
                assertThat(BrowserPeer.class.getResource("types/" + part + ".d.ts")).isNotNull());
  }

  @Test
  @DisplayName("a folder that is not there is told of at once")
  void noFolder() {
    assertThatThrownBy(() -> BrowserPeer.pages(BrowserPeerTest.class, "nowhere"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  @DisplayName("what is downloaded for the build is pinned by its digest, wherever it comes from")
  void lock() throws IOException {
    assertThat(Files.readString(Path.of("package-lock.json")))
        .contains("\"integrity\"")
        .doesNotContain("\"resolved\"");
  }
}
