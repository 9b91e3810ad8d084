package dev.circulate.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.runtime.Server;
import dev.circulate.service.Root;
import dev.circulate.websocket.WebSocketTransport;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The module as a Java program serves it. */
class BrowserPeerTest {
  private static final int LARGEST = 45_000;

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
  @DisplayName("the module, with what it depends on, is smaller than 45 kB")
  void size() throws Exception {
    HttpResponse<byte[]> zipped = get(BrowserPeer.PATH, "Accept-Encoding", "gzip");
    assertThat(zipped.headers().firstValue("Content-Encoding")).hasValue("gzip");
    assertThat(zipped.body()).hasSizeLessThan(LARGEST);
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

  @Test
  @DisplayName("a folder of pages is served beside it, and nothing else")
  void pages() throws Exception {
    assertThat(new String(get("/").body(), StandardCharsets.UTF_8)).contains("a page");
    assertThat(get("/nothing.html").statusCode()).isEqualTo(404);
    assertThat(get("/../BrowserPeerTest.class").statusCode()).isIn(400, 404);
    assertThat(get("/csp").statusCode()).isGreaterThanOrEqualTo(400);
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
