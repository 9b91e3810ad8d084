package dev.circulate.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A headless Chromium that a test drives, by Playwright in a Node process.
 *
 * {@snippet :
 * try (Chromium browser = Chromium.start()) {
 *   Tab tab = browser.open(page);
 *   tab.act("click", "button");
 *   tab.awaitTrue("document.querySelector('output').textContent === '42'");
 * }
 * }
 *
 * <p>One thread at a time uses it and its tabs.
 */
public final class Chromium implements AutoCloseable {
  private static final String EXECUTABLE = System.getProperty("chromium", "/usr/bin/chromium");

  private final ObjectMapper json = new ObjectMapper();
  private final Process process;
  private final BufferedReader answers;
  private final Writer orders;
  private int tabs;

  private Chromium(Process process) {
    this.process = process;
    this.answers = process.inputReader();
    this.orders = process.outputWriter();
  }

  /** Starts one; skips the caller's test, and says why, where there is no Chromium or no Node. */
  public static Chromium start() throws IOException {
    assumeTrue(
        Files.isExecutable(Path.of(EXECUTABLE)),
        "skipped: there is no browser at " + EXECUTABLE + "; -Dchromium= tells of another");
    assumeTrue(
        BrowserPeer.isAvailable(),
        "skipped: there was no Node to build the JavaScript module and its tests with");
    return new Chromium(
        new ProcessBuilder(
                "node", module().resolve("src/test/web/drive.mjs").toString(), EXECUTABLE)
            .redirectError(module().resolve("target/chromium.log").toFile())
            .start());
  }

  /** Where this module is, where Playwright is installed: other modules' tests use this, too. */
  private static Path module() {
    try {
      Path classes =
          Path.of(Chromium.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return classes.resolve("..", "..").normalize();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Opens a page in a tab of its own, and waits until it has loaded. */
  public Tab open(URI page) throws IOException {
    Tab tab = new Tab(this, "tab " + ++tabs);
    tab.act("goto", page.toString());
    return tab;
  }

  JsonNode tell(String tab, String method, Object... arguments) throws IOException {
    List<Object> order = new ArrayList<>(List.of(tab, method));
    order.addAll(List.of(arguments));
    orders.write(json.writeValueAsString(order) + "\n");
    orders.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("the browser has ended, asked to " + order);
    }
    JsonNode told = json.readTree(answer);
    if (told.has("error")) {
      throw new IOException(order + ": " + told.get("error").asText());
    }
    return told.get("answer");
  }

  @Override
  public void close() throws IOException {
    List<ProcessHandle> browser = process.descendants().toList();
    try {
      orders.close(); // with which it ends
      process.waitFor(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      browser.forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
