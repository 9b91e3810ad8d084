package dev.circulate.browser;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** DI-1: the contract's laws in JavaScript, against this server: in Node, and in a browser. */
@Timeout(value = 15, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class LawsTest {
  private LawsServer server;

  @BeforeEach
  void start() throws IOException {
    Told.assumeNode();
    server = new LawsServer();
  }

  @AfterEach
  void stop() throws IOException {
    if (server != null) {
      server.close();
    }
  }

  @TestFactory
  @DisplayName("the laws in Node")
  Stream<DynamicTest> inNode() throws IOException, InterruptedException {
    return Told.by(
        "told-in-node",
        Map.of(
            "CIRCULATE_URI",
            server.uri().toString(),
            "CIRCULATE_RELAY",
            server.relayUri().toString(),
            "CIRCULATE_GUARDED",
            server.guardedUri().toString()),
        List.of(
            "node",
            "node_modules/mocha/bin/mocha.js",
            "--node-option=expose-gc",
            "--timeout=60000",
            "target/tests/node.js",
            "--reporter=src/test/web/reporter.cjs",
            "--reporter-option"),
        "file=");
  }

  @Tag("long")
  @TestFactory
  @DisplayName("the laws in Chromium")
  Stream<DynamicTest> inChromium() throws IOException {
    try (Chromium browser = Chromium.start()) {
      Tab page = browser.open(server.page());
      page.awaitTrue("window.told !== undefined");
      return Told.tests(page.evaluate("window.told"));
    }
  }
}
