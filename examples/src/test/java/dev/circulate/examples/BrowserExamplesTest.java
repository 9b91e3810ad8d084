package dev.circulate.examples;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.circulate.browser.BrowserPeer;
import dev.circulate.browser.Chromium;
import dev.circulate.browser.Relay;
import dev.circulate.browser.Tab;
import dev.circulate.runtime.Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.eclipse.jetty.server.Handler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** {@link Chat} and {@link Dashboard} as people see them, in a real browser. */
@Tag("long")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class BrowserExamplesTest {
  /** Where pictures of the pages are to be written; null if none are wanted. */
  private static final @Nullable String SCREENSHOTS = System.getProperty("screenshots");

  private static URI page(URI links) {
    return URI.create("http://127.0.0.1:" + links.getPort() + "/");
  }

  private static void picture(Tab tab, String name) throws IOException {
    if (SCREENSHOTS != null) {
      tab.screenshot(Path.of(SCREENSHOTS, name));
    }
  }

  // ---- the chat

  private static Tab join(Chromium browser, URI page, String name) throws IOException {
    Tab tab = browser.open(page);
    tab.act("fill", "#name", name);
    tab.act("click", "#join button");
    awaitMessage(tab, name + "has come");
    return tab;
  }

  private static void say(Tab tab, String text) throws IOException {
    tab.act("fill", "#text", text);
    tab.act("press", "#text", "Enter");
  }

  private static void sayMany(Tab tab, int from, int to) throws IOException {
    tab.evaluate(
        """
        for (let i = %d; i < %d; i++) {
          document.getElementById("text").value = `message ${i}`;
          document.getElementById("say").requestSubmit();
        }
        """
            .formatted(from, to));
  }

  private static void awaitMessage(Tab tab, String message) throws IOException {
    tab.awaitTrue(
        "[...document.querySelectorAll('#messages li')].some((m) => m.textContent === '%s')"
            .formatted(message));
  }

  private static List<String> messages(Tab tab) throws IOException {
    JsonNode texts =
        tab.evaluate("[...document.querySelectorAll('#messages li')].map((m) => m.textContent)");
    return StreamSupport.stream(texts.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static List<String> numbered(String name, int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> name + "message " + i).toList();
  }

  @Test
  @DisplayName(
      "DI-7 two pages chat; what is said while links are cut and down arrives once, in order")
  void chat() throws Exception {
    try (Server server = PageServer.start("chat", new Chat());
        Relay relay = new Relay(server.uri());
        Chromium browser = Chromium.start()) {
      Tab alice = join(browser, page(relay.uri()), "Alice");
      Tab bob = join(browser, page(relay.uri()), "Bob");
      awaitMessage(alice, "Bobhas come");
      say(alice, "Hello Bob! Are you on the train?");
      say(bob, "I am, so the network comes and goes.");
      awaitMessage(alice, "BobI am, so the network comes and goes.");
      say(alice, "Then we shall see whether anything gets lost.");
      awaitMessage(bob, "AliceThen we shall see whether anything gets lost.");
      picture(alice, "chat.png");

      for (int i = 0; i < 100; i += 10) {
        sayMany(alice, i, i + 10);
        sayMany(bob, i, i + 10);
        relay.cut(); // while these are on their way
      }
      relay.shut(true);
      relay.cut();
      sayMany(alice, 100, 110);
      sayMany(bob, 100, 110);
      assertThat(messages(bob)).doesNotContain("Alicemessage 109");
      relay.shut(false);

      for (Tab tab : List.of(alice, bob)) {
        awaitMessage(tab, "Alicemessage 109");
        awaitMessage(tab, "Bobmessage 109");
      }
      List<String> heard = messages(bob);
      for (String name : List.of("Alice", "Bob")) {
        assertThat(heard)
            .filteredOn(message -> message.startsWith(name + "message"))
            .isEqualTo(numbered(name, 0, 110));
      }
      assertThat(messages(alice)).as("all hear the same").endsWith(heard.toArray(String[]::new));
      bob.act("close");
      awaitMessage(alice, "Bobhas left");
    }
  }

  @Test
  @DisplayName("who clicks twice joins once")
  void joinsOnce() throws Exception {
    try (Server server = PageServer.start("chat", new Chat());
        Chromium browser = Chromium.start()) {
      Tab bob = join(browser, page(server.uri()), "Bob");
      Tab alice = browser.open(page(server.uri()));
      alice.act("fill", "#name", "Alice");
      alice.act("dblclick", "#join button");
      awaitMessage(alice, "Alicehas come");
      say(alice, "Hello");
      awaitMessage(bob, "AliceHello");
      bob.act("close");
      awaitMessage(alice, "Bobhas left");
      assertThat(messages(alice)).containsExactly("Alicehas come", "AliceHello", "Bobhas left");
    }
  }

  @Test
  @DisplayName("who is sent away, being too slow, has left for all, is told so, and can come back")
  void sentAway() throws Exception {
    try (Server server = PageServer.start("chat", new Chat());
        Chromium browser = Chromium.start()) {
      Tab alice = join(browser, page(server.uri()), "Alice");
      Tab bob = join(browser, page(server.uri()), "Bob");
      awaitMessage(alice, "Bobhas come");
      alice.pause();
      sayMany(bob, 0, 1_000); // far more than wait for her
      awaitMessage(bob, "Bobmessage 999");
      alice.goOn();
      alice.awaitTrue(
          "document.getElementById('status').textContent.startsWith('The chat is over')");
      awaitMessage(bob, "Alicehas left");
      alice.act("click", "#join button");
      bob.awaitTrue(
          "document.querySelector('#messages li:last-child').textContent === 'Alicehas come'");
      say(alice, "Here I am again");
      awaitMessage(bob, "AliceHere I am again");
      assertThat(alice.evaluate("document.getElementById('status').textContent").asText())
          .isEmpty();
    }
  }

  // ---- the dashboard

  /** What the page says of the figures that it got. */
  private record Counts(long number, long plotted) {
    static Counts of(Tab tab) throws IOException {
      JsonNode counts =
          tab.evaluate(
              "['number', 'plotted'].map((id) => Number(document.getElementById(id).value))");
      return new Counts(counts.get(0).asLong(), counts.get(1).asLong());
    }
  }

  private static void awaitNumber(Tab tab, long number) throws IOException {
    tab.awaitTrue("Number(document.getElementById('number').value) >= " + number);
  }

  @Test
  @DisplayName(
      "CH-9 DI-4 a page that stands still misses figures, gets the newest then, and nothing piles"
          + " up")
  void slowPage() throws Exception {
    Dashboard dashboard = new Dashboard(Duration.ofMillis(1));
    try (Server server = PageServer.start("dashboard", dashboard);
        Chromium browser = Chromium.start()) {
      Tab tab = browser.open(page(server.uri()));
      awaitNumber(tab, 1);
      Counts before = Counts.of(tab);
      tab.pause();
      long missed = dashboard.leftOut();
      long made = dashboard.made();
      until("thousands were made", () -> dashboard.made() > made + 3_000);
      long kept = dashboard.made() - made - (dashboard.leftOut() - missed);
      assertThat(kept).as("figures that wait for the page").isLessThan(10);
      long newest = dashboard.made();
      tab.goOn();
      awaitNumber(tab, newest);
      Counts after = Counts.of(tab);
      assertThat(after.plotted() - before.plotted())
          .as("figures plotted, of %d", after.number() - before.number())
          .isLessThan(after.number() - before.number() - 2_900);
    }
  }

  @Test
  @DisplayName("a page plots what comes, and can be told to be slow")
  void plots() throws Exception {
    try (Server server = PageServer.start("dashboard", new Dashboard(Duration.ofMillis(20)));
        Chromium browser = Chromium.start()) {
      Tab tab = browser.open(page(server.uri()));
      tab.awaitTrue("Number(document.getElementById('plotted').value) >= 310");
      assertThat(tab.evaluate("document.getElementById('load-line').points.length").asInt())
          .isBetween(100, 300);
      picture(tab, "dashboard.png");
      tab.act("fill", "#rest", "100");
      tab.awaitTrue("Number(document.getElementById('left-out').value) > 10");
    }
  }

  @Test
  @DisplayName("a page that gets no figures says why")
  void noLinks() throws Exception {
    org.eclipse.jetty.server.Server pagesAlone = new org.eclipse.jetty.server.Server(0);
    pagesAlone.setHandler(
        BrowserPeer.pages(PageServer.class, "dashboard").apply(new Handler.Sequence()));
    pagesAlone.start();
    try (Chromium browser = Chromium.start()) {
      Tab tab = browser.open(page(pagesAlone.getURI()));
      tab.awaitTrue(
          "document.getElementById('status').textContent.includes('cannot connect to ws://')");
    } finally {
      pagesAlone.stop();
    }
  }

  @Test
  @DisplayName("DI-8 pages say so when the server is gone")
  void gone() throws Exception {
    try (Chromium browser = Chromium.start()) {
      List<Tab> tabs;
      try (Server chat = PageServer.start("chat", new Chat());
          Server dashboard = PageServer.start("dashboard", new Dashboard(Duration.ofMillis(20)))) {
        Tab figures = browser.open(page(dashboard.uri()));
        awaitNumber(figures, 1);
        tabs = List.of(join(browser, page(chat.uri()), "Alice"), figures);
      }
      for (Tab tab : tabs) {
        tab.awaitTrue("document.getElementById('status').textContent.includes('closed')");
      }
    }
  }
}
