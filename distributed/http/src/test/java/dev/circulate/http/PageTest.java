package dev.circulate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.circulate.Channel;
import dev.circulate.browser.Chromium;
import dev.circulate.browser.Tab;
import dev.circulate.runtime.Authenticator;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** The page at the root path as a person sees it, in a real browser. */
@Tag("long")
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("NullAway.Init") // each test has a browser and a server of its own
class PageTest {
  private final Shop shop = new Shop();
  private Chromium browser;
  private Rest rest;
  private Tab tab;

  @BeforeEach
  void browser() throws IOException {
    browser = Chromium.start();
  }

  @AfterEach
  void stop() throws IOException {
    if (browser != null) {
      browser.close();
    }
    if (rest != null) {
      rest.close();
    }
  }

  /** Serves the shop, and opens the page. */
  private void open(RestBuilder settings) throws IOException {
    rest = settings.port(0).start();
    tab = browser.open(rest.uri());
  }

  private RestBuilder settings() {
    return Rest.serve(shop.root()).beat(Duration.ofMillis(50));
  }

  // ---- what a person does

  private static String form(String command) {
    return "form:has(> code:text-is('" + command + "'))";
  }

  private void fill(String command, String parameter, String text) throws IOException {
    tab.act("fill", form(command) + " label:has-text('" + parameter + " (') input", text);
  }

  private void call(String command) throws IOException {
    tab.act("click", form(command) + " button:text-is('Call')");
  }

  // ---- what it sees

  /** What stands in a part of a command's form. */
  private JsonNode seen(String command, String part) throws IOException {
    return tab.evaluate(
        "[...document.querySelectorAll('form')]"
            + ".find((form) => form.querySelector('code').textContent === '%s')%s"
                .formatted(command, part));
  }

  private void awaitSeen(String command, String condition) throws IOException {
    tab.awaitTrue(
        """
        (() => {
          const form = [...document.querySelectorAll('form')]
            .find((form) => form.querySelector('code').textContent === '%s');
          const output = form?.querySelector('pre');
          const [call, stop] = form?.querySelectorAll('button') ?? [];
          return form !== undefined && (%s);
        })()
        """
            .formatted(command, condition));
  }

  /** Waits until a call has ended; answers what it shows. */
  private String answer(String command) throws IOException {
    awaitSeen(command, "!output.hidden && !call.disabled");
    return seen(command, ".querySelector('pre').textContent").asText();
  }

  @Test
  @DisplayName("SV-3 the page lists the services that can be called, with their docs")
  void lists() throws Exception {
    open(settings());
    awaitSeen("price", "true");
    assertThat(
            tab.evaluate("[...document.querySelectorAll('h2')].map((h) => h.textContent)")
                .toString())
        .isEqualTo("[\"root\",\"back room\",\"shop\"]");
    assertThat(seen("price", ".querySelector('p').innerText").asText())
        .isEqualTo("The price of so many items.\nIn cents.");
    assertThat(seen("order", ".querySelector('p').innerText").asText())
        .isEqualTo("Orders something: it is <b>not</b> read-only.");
    assertThat(seen("price", ".innerText").asText())
        .contains("price answers int", "item (String)", "count (int, optional)");
    assertThat(seen("price", ".querySelectorAll('input')[1].placeholder").asText()).isEqualTo("1");
    assertThat(
            tab.evaluate("[...document.querySelectorAll('code')].map((c) => c.textContent)")
                .toString())
        .contains("list", "order")
        .doesNotContain("remove", "get-service", "follow");
    assertThat(tab.evaluate("document.getElementById('state').textContent").asText()).isEmpty();
  }

  @Test
  @DisplayName("SV-1 a person fills in the arguments, calls, and sees the answer")
  void calls() throws Exception {
    open(settings());
    fill("price", "item", "tea");
    call("price");
    assertThat(answer("price")).isEqualTo("30");
    fill("price", "count", "2");
    call("price");
    awaitSeen("price", "output.textContent === '60'");
    fill("order", "item", "{\"name\": \"tea\", \"cents\": 250}");
    call("order");
    assertThat(answer("order")).isEqualTo("1");
    fill("joined", "names", "[\"milk\", \"tea\"]");
    fill("joined", "loud", "true");
    call("joined");
    assertThat(answer("joined")).isEqualTo("\"MILK+TEA\"");
    call("count");
    assertThat(answer("count")).isEqualTo("7");
  }

  @Test
  @DisplayName("SV-2 numbers are sent and shown with all their digits, however long")
  void digits() throws Exception {
    open(settings());
    String exact = "12345678901234567890.123456789";
    fill(
        "same",
        "value",
        "{\"exact\": " + exact + ", \"names\": [\"a: {\\\"\", \"\"], \"none\": []}");
    call("same");
    assertThat(answer("same"))
        .isEqualTo(
            """
            {
              "exact": %s,
              "names": [
                "a: {\\"",
                ""
              ],
              "none": []
            }\
            """
                .formatted(exact));
    fill("woof", "any arguments", "{\"exact\": " + exact + "}");
    call("woof");
    assertThat(answer("woof")).isEqualTo("\"" + exact + "\"");
  }

  @Test
  @DisplayName("SV-4 a wrong argument, and a failure, show the problem document, as text")
  void problems() throws Exception {
    open(settings());
    fill("price", "item", "tea");
    fill("price", "count", "many");
    call("price");
    JsonNode problem = Client.MAPPER.readTree(answer("price"));
    assertThat(problem.get("status").asInt()).isEqualTo(422);
    assertThat(problem.get("code").asText()).isEqualTo("invalid-argument");
    assertThat(problem.get("detail").asText())
        .isEqualTo("argument 'count' of 'price': expected int, but came the String \"many\"");
    assertThat(seen("price", ".querySelector('pre').className").asText()).isEqualTo("problem");
    fill("price", "count", "2");
    call("price");
    awaitSeen("price", "output.textContent === '60' && output.className === ''");

    call("fail");
    assertThat(answer("fail")).contains("out of <b>tea</b>");
    assertThat(tab.evaluate("document.querySelector('b')").isNull()).isTrue();

    fill("order", "item", "");
    call("order"); // the browser itself does not send it
    assertThat(seen("order", ".querySelector('input').validity.valueMissing").asBoolean()).isTrue();
    assertThat(shop.orders).hasValue(0);
  }

  @Test
  @DisplayName("the values of a stream show as they come, until it ends, or a person stops it")
  void streams() throws Exception {
    open(settings());
    fill("numbers", "upTo", "3");
    call("numbers");
    assertThat(answer("numbers")).isEqualTo("1\n2\n3\n");

    call("ticks");
    Channel<Object> ticks = Objects.requireNonNull(shop.streams.take());
    ticks.put("first");
    awaitSeen("ticks", "output.textContent === '\"first\"\\n' && call.disabled && !stop.hidden");
    ticks.put(Map.of("second", 2));
    awaitSeen("ticks", "output.textContent === '\"first\"\\n{\"second\":2}\\n'");
    tab.act("click", form("ticks") + " button:text-is('Stop')");
    while (ticks.put("more")) {} // ends when the channel is cancelled
    assertThat(answer("ticks")).endsWith("stopped\n");
  }

  @Test
  @DisplayName("DI-11 who has to show a token enters it, and then sees the services")
  void token() throws Exception {
    open(settings().authenticator(Authenticator.bearer(Map.of("secret", "alice")::get)));
    tab.awaitTrue("document.getElementById('state').textContent.startsWith('401: ')");
    assertThat(tab.evaluate("document.querySelectorAll('h2').length").asInt()).isZero();
    tab.act("fill", "#authorization", "Bearer secret");
    tab.act("click", "#reload");
    awaitSeen("identity", "true");
    call("identity");
    assertThat(answer("identity")).isEqualTo("\"alice\"");
  }

  @Test
  @DisplayName("the page says so when the server is gone")
  void gone() throws Exception {
    open(settings());
    awaitSeen("price", "true");
    rest.close();
    fill("price", "item", "tea");
    call("price");
    assertThat(answer("price")).startsWith("failed: ");
    tab.act("click", "#reload");
    tab.awaitTrue(
        "document.getElementById('state').textContent.startsWith('The server does not answer')");
  }
}
