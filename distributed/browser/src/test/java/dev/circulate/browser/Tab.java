package dev.circulate.browser;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A page that is open in a {@link Chromium}. */
public final class Tab {
  private final Chromium browser;
  private final String name;

  Tab(Chromium browser, String name) {
    this.browser = browser;
    this.name = name;
  }

  /**
   * Does what a method of Playwright's Page does, such as {@code act("fill", "#text", "hello")}.
   */
  public void act(String method, Object... arguments) throws IOException {
    browser.tell(name, method, arguments);
  }

  /** Answers what an expression is in the page. */
  public JsonNode evaluate(String expression) throws IOException {
    return browser.tell(name, "evaluate", expression);
  }

  /** Waits until an expression is true in the page. */
  public void awaitTrue(String expression) throws IOException {
    act("waitForFunction", expression, "nothing", Map.of("polling", 100));
  }

  /** Stops all that runs in the page, until {@link #goOn}. */
  public void pause() throws IOException {
    act("Debugger.enable");
    act("Debugger.pause");
  }

  /** Lets the page go on. */
  public void goOn() throws IOException {
    act("Debugger.disable");
  }

  /** Writes what is seen of the page, as a PNG. */
  public void screenshot(Path file) throws IOException {
    act("screenshot", Map.of("path", file.toAbsolutePath().toString()));
  }
}
