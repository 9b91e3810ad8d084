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

  /**
   * Waits until an expression is true in the page; 10 minutes at most. It is evaluated once, into a
   * function: a page whose policy forbids that later, as Playwright's own way does, can be asked.
   */
  public void awaitTrue(String expression) throws IOException {
    evaluate(
        """
        new Promise((resolve, reject) => {
          const since = performance.now();
          const look = () => {
            try {
              if (%s) resolve(true);
              else if (performance.now() - since > 600_000) reject(new Error("it never was true"));
              else setTimeout(look, 100);
            } catch (e) {
              reject(e);
            }
          };
          look();
        })
        """
            .formatted(expression));
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
