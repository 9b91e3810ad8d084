package dev.circulate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.circulate.service.Command;
import dev.circulate.service.Default;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.Visibility;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands of services, asked by POST and GET. */
class CommandsOverHttpTest {
  private final Shop shop = new Shop();
  private Rest rest;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    rest = Rest.serve(shop.root()).port(0).start();
    client = new Client(rest.uri());
  }

  @AfterEach
  void stop() {
    client.close();
    rest.close();
  }

  private String posted(String path, String json) throws Exception {
    HttpResponse<String> response = client.post(path, json);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    return response.body();
  }

  private String got(String path) throws Exception {
    HttpResponse<String> response = client.get(path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  @Test
  @DisplayName("SV-1 a POST with an object of arguments asks a command; its answer is JSON")
  void post() throws Exception {
    assertThat(posted("/services/shop/price", "{\"item\": \"tea\", \"count\": 2}")).isEqualTo("60");
    assertThat(posted("/services/shop/order", "{\"item\": {\"name\": \"tea\", \"cents\": 250}}"))
        .isEqualTo("1");
    assertThat(posted("/services/shop/nothing", "{}")).isEqualTo("null");
    assertThat(posted("/services/shop/nothing", "")).isEqualTo("null");
    assertThat(posted("/services/shop/perhaps", "{}")).isEqualTo("null");
    assertThat(posted("/services/shop/items", "{}"))
        .isEqualTo(
            "[{\"name\":\"tea\",\"cents\":250,\"until\":null},"
                + "{\"name\":\"milk\",\"cents\":99,\"until\":\"2026-11-30\"}]");
  }

  @Test
  @DisplayName("a GET asks what is read-only; the query is read as the parameters' types want it")
  void get() throws Exception {
    assertThat(got("/services/shop/price?item=tea")).isEqualTo("30");
    assertThat(got("/services/shop/price?item=12345&count=2")).isEqualTo("100");
    assertThat(got("/services/shop/total?cents=1&cents=2&cents=3")).isEqualTo("6");
    assertThat(got("/services/shop/total?cents=5")).isEqualTo("5");
    assertThat(got("/services/shop/total?cents=%5B5,6%5D")).isEqualTo("11");
    assertThat(got("/services/shop/sorted?names=1")).isEqualTo("\"1\"");
    assertThat(got("/services/shop/sorted?names=b&names=a")).isEqualTo("\"a+b\"");
    assertThat(got("/services/shop/longest?lengths=5")).isEqualTo("5");
    assertThat(got("/services/shop/joined?names=1&names=true&loud=true")).isEqualTo("\"1+TRUE\"");
    assertThat(got("/services/shop/size?data=AQID")).isEqualTo("3");
    assertThat(got("/services/back%20room/count")).isEqualTo("7");
    assertThat(got("/services/shop/_ping")).isEqualTo("\"pong\"");
    assertThat(got("/services/root/name")).isEqualTo("\"corner-shop\"");
    assertThat(shop.orders).hasValue(0);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[\"a\",\"b\"]  | a+b",
        "[]             | ``",
        "[draft]        | [draft]",
        "[1]            | [1]",
        "[\"a\",2]      | [\"a\",2]",
        "[              | [",
      })
  @DisplayName("a text that is a JSON array of texts is a list of them; any other is one text")
  void listOfTexts(String text, String joined) throws Exception {
    String query = URLEncoder.encode(text, StandardCharsets.UTF_8);
    assertThat(Client.json(client.get("/services/shop/joined?loud=false&names=" + query)).asText())
        .isEqualTo(joined);
  }

  static final class Ties {
    @Command(readOnly = true)
    String find(int number, @Default("1") int most) {
      return "number " + number;
    }

    @Command(readOnly = true)
    String find(String number, @Default("up") String order) {
      return "text " + number;
    }
  }

  @Test
  @DisplayName("SV-1 of forms that fit alike a query is read for the one that the service chooses")
  void ties() throws Exception {
    Root root = Root.named("root").add("ties", Service.of(new Ties()), Visibility.PUBLIC);
    try (Rest other = Rest.serve(root).port(0).start();
        Client asking = new Client(other.uri())) {
      assertThat(asking.post("/services/ties/find", "{\"number\": 5}").body())
          .isEqualTo("\"number 5\"");
      assertThat(asking.get("/services/ties/find?number=5").body()).isEqualTo("\"number 5\"");
    }
  }

  @Test
  @DisplayName("RT-3 a private service is not there: not in a list, not by name")
  void privately() throws Exception {
    assertThat(client.get("/services/safe/count").statusCode()).isEqualTo(404);
    assertThat(client.post("/services/safe/count", "{}").statusCode()).isEqualTo(404);
    assertThat(got("/services/root/list")).isEqualTo("[\"root\",\"back room\",\"shop\"]");
    assertThat(got("/services")).doesNotContain("safe");
    assertThat(got("/openapi.json")).doesNotContain("safe");
  }

  @Test
  @DisplayName("RT-1 RT-3 a service is looked for down the chain of delegates, a private one not")
  void delegates() throws Exception {
    Root middle = Root.named("middle").delegate(shop.root().port());
    try (Rest front = Rest.serve(Root.named("front").delegate(middle.port())).port(0).start();
        Client asking = new Client(front.uri())) {
      assertThat(asking.get("/services/shop/price?item=tea").body()).isEqualTo("30");
      assertThat(asking.post("/services/safe/count", "{}").statusCode()).isEqualTo(404);
    }
  }

  @Test
  @DisplayName("SV-3 the OpenAPI document has the schemas that the services give")
  void schemas() throws Exception {
    JsonNode paths = Client.json(client.get("/openapi.json")).get("paths");
    JsonNode item =
        paths.at(
            "/~1services~1shop~1order/post/requestBody/content/application~1json/schema"
                + "/properties/item");
    assertThat(item.get("title").asText()).isEqualTo("Item");
    assertThat(item.at("/properties/cents/type").asText()).isEqualTo("integer");
    assertThat(item.at("/properties/until/anyOf/0/format").asText()).isEqualTo("date");
    JsonNode stream = paths.at("/~1services~1shop~1catalogue/get/responses/200/content");
    assertThat(stream.has("application/json")).isFalse();
    assertThat(stream.findValuesAsText("title")).contains("Item");
    assertThat(paths.has("/services/shop/follow")).isFalse();
  }

  @Test
  @DisplayName("RT-2 a caller over HTTP is remote, whatever it writes")
  void remote() throws Exception {
    assertThat(posted("/services/shop/who", "{}")).startsWith("\"peer http client 127.0.0.1:");
    HttpResponse<String> refused = client.post("/services/root/remove", "{\"service\": \"shop\"}");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(Client.json(refused).get("code").asText()).isEqualTo("refused");
    assertThat(posted("/services/shop/nothing", "{}")).isEqualTo("null");
  }
}
