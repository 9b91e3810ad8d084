package dev.circulate.browser;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.Scope;
import java.io.IOException;
import java.util.ArrayList;
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

  /** What the names of most have that need it. */
  private static final String BY_A_SERVER = "Java server|links that are cut";

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

  /** Those of a server in one process, the others in another meanwhile. */
  @TestFactory
  @DisplayName("the laws in Node")
  Stream<DynamicTest> inNode() throws InterruptedException {
    try (Scope scope = Scope.open("laws")) {
      Channel<Stream<DynamicTest>> others =
          scope.go(() -> inNode("told-in-node", "--grep=" + BY_A_SERVER, "--invert"));
      Channel<Stream<DynamicTest>> byServer =
          scope.go(() -> inNode("told-in-node-by-a-server", "--grep=" + BY_A_SERVER));
      return withThoseOfTheServer(
          Stream.concat(requireNonNull(others.take()), requireNonNull(byServer.take())));
    }
  }

  private Stream<DynamicTest> inNode(String name, String... which)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "node",
                "node_modules/mocha/bin/mocha.js",
                "--exit", // the sessions of a law that failed would go on for ever
                "--node-option=expose-gc",
                "--timeout=60000",
                "target/tests/node.js"));
    command.addAll(List.of(which));
    command.addAll(List.of("--reporter=src/test/web/reporter.cjs", "--reporter-option"));
    return Told.by(
        name,
        Map.of(
            "CIRCULATE_URI",
            server.uri().toString(),
            "CIRCULATE_RELAY",
            server.relayUri().toString(),
            "CIRCULATE_GUARDED",
            server.guardedUri().toString()),
        command,
        "file=");
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
