package dev.circulate.browser;

import static org.assertj.core.api.Assertions.assertThat;

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
  /** One of the laws that are there only if the tests were told where the server is. */
  private static final String OF_THE_SERVER =
      "links that are cut DI-7 streams both ways lose, double and reorder nothing";

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
    return withThoseOfTheServer(
        Told.by(
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
                "--exit", // the sessions of a law that failed would go on for ever
                "--node-option=expose-gc",
                "--timeout=60000",
                "target/tests/node.js",
                "--reporter=src/test/web/reporter.cjs",
                "--reporter-option"),
            "file="));
  }

  @Tag("long")
  @TestFactory
  @DisplayName("the laws in Chromium")
  Stream<DynamicTest> inChromium() throws IOException {
    try (Chromium browser = Chromium.start()) {
      Tab page = browser.open(server.page());
      page.awaitTrue("window.told !== undefined");
      return withThoseOfTheServer(Told.tests(page.evaluate("window.told")));
    }
  }

  /** The same laws, of which those that need the server were not left out. */
  private static Stream<DynamicTest> withThoseOfTheServer(Stream<DynamicTest> told) {
    List<DynamicTest> laws = told.toList();
    assertThat(laws).extracting(DynamicTest::getDisplayName).contains(OF_THE_SERVER);
    return laws.stream();
  }
}
