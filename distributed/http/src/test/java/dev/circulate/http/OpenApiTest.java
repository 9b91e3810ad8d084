package dev.circulate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.circulate.WritePort;
import dev.circulate.runtime.Authenticator;
import dev.circulate.service.Command;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.Visibility;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What {@code /openapi.json} says, before a JSON Schema validator with the schemas that the OpenAPI
 * Initiative publishes for documents of version 3.1.
 */
class OpenApiTest {
  private static final String PUBLISHED =
      "https://spec.openapis.org/oas/3.1/schema-base/2022-10-07";
  private static final String DOCUMENT = "https://circulate.test/openapi.json";

  private static final Schema OPEN_API =
      SchemaRegistry.withDefaultDialect(
              SpecificationVersion.DRAFT_2020_12,
              registry ->
                  registry.schemaIdResolvers(
                      ids ->
                          ids.mapPrefix(
                              "https://spec.openapis.org/", "classpath:spec.openapis.org/")))
          .getSchema(SchemaLocation.of(PUBLISHED));

  private Rest rest;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    Root root =
        Root.named("kinds")
            .add("kinds", Service.of(new Kinds()), Visibility.PUBLIC)
            .add("a shop", Service.of(new Shop()), Visibility.PUBLIC)
            .add("a/b;c", Service.of(new Kinds()), Visibility.PUBLIC)
            .handler("woof", "Barks.", _ -> "woof");
    rest = Rest.serve(root).port(0).start();
    client = new Client(rest.uri());
  }

  @AfterEach
  void stop() {
    client.close();
    rest.close();
  }

  private static List<String> problems(String document) {
    return OPEN_API.validate(document, InputFormat.JSON).stream()
        .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
        .toList();
  }

  private String document() throws Exception {
    HttpResponse<String> response = client.get("/openapi.json");
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }

  @Test
  @DisplayName("SV-3 the document is OpenAPI 3.1, with types of all kinds in it")
  void valid() throws Exception {
    String document = document();
    assertThat(problems(document)).isEmpty();
    JsonNode paths = Client.MAPPER.readTree(document).get("paths");
    assertThat(paths.has("/services/kinds/everything")).isTrue();
    assertThat(paths.has("/services/kinds/with%20%7Bbraces%7D%2C%20100%25%20and%2Fslash")).isTrue();
    assertThat(paths.has("/services/a%20shop/price")).isTrue();
    assertThat(paths.has("/services/root/list")).isTrue();
    assertThat(paths.has("/services/kinds/listen")).isFalse();
  }

  @Test
  @DisplayName("SV-3 a default is one of the values that its schema allows")
  void defaults() throws Exception {
    String document = document();
    String properties =
        "/paths/~1services~1kinds~1quoted/post/requestBody/content/application~1json/schema"
            + "/properties";
    JsonNode quoted = Client.MAPPER.readTree(document).at(properties);
    assertThat(quoted).hasSize(2);
    for (String name : List.of("letter", "color")) {
      String value = quoted.at("/" + name + "/default").toString();
      assertThat(schema(document, properties + "/" + name).validate(value, InputFormat.JSON))
          .as(value)
          .isEmpty();
    }
  }

  private static JsonNode parameter(JsonNode document, String path, String name) {
    for (JsonNode parameter :
        document.at("/paths/" + path.replace("/", "~1") + "/get/parameters")) {
      if (parameter.path("name").asText().equals(name)) {
        return parameter;
      }
    }
    throw new AssertionError("no parameter " + name + " at " + path);
  }

  @Test
  @DisplayName("SV-3 what stands in a query as JSON is said to do so")
  void queries() throws Exception {
    JsonNode document = Client.MAPPER.readTree(document());
    for (String plain : List.of("kinds/page size", "kinds/page after", "kinds/page color")) {
      String[] at = plain.split(" ", 2);
      assertThat(parameter(document, "/services/" + at[0], at[1]).has("schema")).as(plain).isTrue();
    }
    assertThat(parameter(document, "/services/a%20shop/total", "cents").at("/schema/type").asText())
        .isEqualTo("array");
    JsonNode palette = parameter(document, "/services/kinds/darker", "palette");
    assertThat(palette.has("schema")).isFalse();
    assertThat(palette.at("/content/application~1json/schema/type").asText()).isEqualTo("array");
    JsonNode point = parameter(document, "/services/kinds/far", "point");
    assertThat(point.has("schema")).isFalse();
    assertThat(point.at("/content/application~1json/schema/type").asText()).isEqualTo("object");
    String query = URLEncoder.encode("{\"x\":3,\"y\":4}", StandardCharsets.UTF_8);
    assertThat(client.get("/services/kinds/far?point=" + query).body()).isEqualTo("5.0");
  }

  @Test
  @DisplayName("SV-3 what has to be given, what may be, and what it is for stand in the document")
  void told() throws Exception {
    JsonNode document = Client.MAPPER.readTree(document());
    JsonNode price = document.at("/paths/~1services~1a shop~1price".replace(" ", "%20"));
    assertThat(price.at("/post/summary").asText()).isEqualTo("The price of so many items.");
    assertThat(price.at("/post/description").asText()).endsWith("items.\nIn cents.");
    assertThat(price.at("/post/requestBody/required").asBoolean()).isTrue();
    JsonNode list = document.at("/paths/~1services~1root~1list");
    assertThat(list.at("/post/requestBody/required").asBoolean()).isFalse();
    assertThat(parameter(document, "/services/a%20shop/price", "item").get("required").asBoolean())
        .isTrue();
    assertThat(parameter(document, "/services/a%20shop/price", "count").get("required").asBoolean())
        .isFalse();
    assertThat(parameter(document, "/services/root/list", "details").get("required").asBoolean())
        .isFalse();
    for (String method : List.of("get", "post")) {
      assertThat(price.at("/" + method + "/parameters").findValuesAsText("$ref"))
          .contains("#/components/parameters/timeout");
    }
    JsonNode answer = price.at("/get/responses/200/content");
    assertThat(answer.has("application/json")).isTrue();
    assertThat(answer.has("text/event-stream")).isTrue();
  }

  @Test
  @DisplayName("SV-3 RT-1 arguments of any name may be given to a command that was added to a root")
  void anyArguments() throws Exception {
    JsonNode document = Client.MAPPER.readTree(document());
    String body = "/post/requestBody/content/application~1json/schema/additionalProperties";
    assertThat(document.at("/paths/~1services~1root~1woof" + body).asBoolean()).isTrue();
    assertThat(document.at("/paths/~1services~1root~1name" + body).isBoolean()).isTrue();
    assertThat(document.at("/paths/~1services~1root~1name" + body).asBoolean()).isFalse();
  }

  @Test
  @DisplayName("what is in the document can be asked, whatever its name has in it")
  void askable() throws Exception {
    assertThat(client.get("/services/kinds/with%20%7Bbraces%7D%2C%20100%25%20and%2Fslash").body())
        .isEqualTo("\"{}\"");
    assertThat(client.get("/services/a%2Fb%3Bc/area?side=3").body()).isEqualTo("9");
    Set<String> paths = documented();
    assertThat(paths).hasSizeGreaterThan(20);
    for (String path : paths) {
      // no command takes this but those that take anything
      assertThat(client.post(path, "{\"no such argument\": 1}").statusCode())
          .as(path)
          .isIn(200, 422);
    }
  }

  @Test
  @DisplayName("so is that of a server which asks who a caller is, and of a root without services")
  void others() throws Exception {
    try (Rest empty =
            Rest.serve(Root.named("empty"))
                .port(0)
                .authenticator(Authenticator.bearer(Map.of("secret", "alice")::get))
                .start();
        Client alice = new Client(empty.uri())) {
      String document =
          alice.send(alice.to("/openapi.json").header("Authorization", "Bearer secret")).body();
      assertThat(document).contains("securitySchemes", "\"security\":[{\"bearer\":[]}]");
      assertThat(problems(document)).isEmpty();
    }
  }

  @Test
  @DisplayName("the validator is one: what is not OpenAPI, or no schema deep inside, is found")
  void invalid() throws Exception {
    ObjectNode document = (ObjectNode) Client.MAPPER.readTree(document());
    ObjectNode schema =
        (ObjectNode)
            document.at(
                "/paths/~1services~1kinds~1area/post/requestBody/content/application~1json/schema");
    schema.put("anyOf", "not a list");
    assertThat(problems(document.toString()))
        .anySatisfy(problem -> assertThat(problem).contains("anyOf"));
    document = (ObjectNode) Client.MAPPER.readTree(document());
    document.remove("info");
    assertThat(problems(document.toString()))
        .anySatisfy(problem -> assertThat(problem).contains("info"));
  }

  @Test
  @DisplayName("what is referred to is there, and each operation has a name of its own")
  void references() throws Exception {
    JsonNode document = Client.MAPPER.readTree(document());
    List<String> references = document.findValuesAsText("$ref");
    assertThat(references).isNotEmpty();
    for (String reference : references) {
      assertThat(reference).startsWith("#/");
      assertThat(document.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
    }
    assertThat(document.findValues("$anchor")).isEmpty();
    assertThat(document.findValuesAsText("operationId"))
        .doesNotHaveDuplicates()
        .hasSizeGreaterThan(20);
  }

  static final class Dotted {
    @Command(readOnly = true)
    int b() {
      return 1;
    }

    @Command("b.get")
    int got() {
      return 2;
    }
  }

  @Test
  @DisplayName("SV-3 operations of names with dots have each a name of its own as well")
  void dotted() throws Exception {
    WritePort<Request> dotted = Service.of(new Dotted());
    Root root =
        Root.named("dots")
            .add("a", dotted, Visibility.PUBLIC)
            .add("a.b", dotted, Visibility.PUBLIC)
            .add("a.b.get", dotted, Visibility.PUBLIC);
    try (Rest other = Rest.serve(root).port(0).start();
        Client asking = new Client(other.uri())) {
      JsonNode document = Client.json(asking.get("/openapi.json"));
      assertThat(document.findValuesAsText("operationId"))
          .contains("a.b", "a.b.get", "a.b.b")
          .doesNotHaveDuplicates();
    }
  }

  private static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The paths in the document. */
  private Set<String> documented() throws Exception {
    Set<String> documented = new TreeSet<>();
    Client.MAPPER.readTree(document()).get("paths").fieldNames().forEachRemaining(documented::add);
    return documented;
  }

  /** All commands of all services, as the services name them: what can be asked and what cannot. */
  private Set<String> allCommands() throws Exception {
    Set<String> all = new TreeSet<>();
    for (String service : List.of("root", "kinds", "a shop", "a/b;c")) {
      String path = "/services/" + encoded(service);
      Client.json(client.get(path + "/_commands"))
          .fieldNames()
          .forEachRemaining(command -> all.add(path + "/" + encoded(command)));
    }
    return all;
  }

  /** What the page at the root path lists, as paths. */
  private Set<String> onThePage() throws Exception {
    Set<String> listed = new TreeSet<>();
    for (JsonNode service : Client.json(client.get("/services"))) {
      String path = "/services/" + encoded(service.get("name").asText());
      service
          .get("commands")
          .fieldNames()
          .forEachRemaining(command -> listed.add(path + "/" + encoded(command)));
    }
    return listed;
  }

  @Test
  @DisplayName("RT-2 what is always refused is not offered: not in the document, not on the page")
  void refused() throws Exception {
    Set<String> refused = new TreeSet<>();
    for (String path : allCommands()) {
      // no command takes this, so none begins; who asks at all is looked at before
      if (client.post(path, "{\"no such argument\": 1}").statusCode() == 403) {
        refused.add(path);
      }
    }
    assertThat(refused)
        .containsExactly(
            "/services/root/add",
            "/services/root/add-handler",
            "/services/root/remove",
            "/services/root/remove-handler",
            "/services/root/set-delegate");
    Set<String> documented = documented();
    assertThat(documented)
        .doesNotContainAnyElementsOf(refused)
        .contains("/services/root/list", "/services/kinds/area", "/services/a%20shop/order");
    assertThat(onThePage()).isEqualTo(documented);
  }

  private Schema schema(String document, String pointer) {
    return SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            registry -> registry.schemas(Map.of(DOCUMENT, document)))
        .getSchema(SchemaLocation.of(DOCUMENT + "#" + pointer));
  }

  private static final String LINE =
      "{\"from\":{\"x\":0,\"y\":0},\"to\":{\"x\":3,\"y\":4},\"label\":null}";

  private static final String TREE =
      "{\"name\":\"oak\",\"branches\":[{\"name\":\"x\",\"branches\":[]}]}";

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "kinds/everything | {}",
        "kinds/shapes     | {}",
        "kinds/larger     |"
            + " {\"shape\":{\"type\":\"Disc\",\"center\":{\"x\":1,\"y\":2},\"radius\":2}}",
        "kinds/page       | {\"size\":3,\"after\":\"b\",\"color\":\"GREEN\"}",
        "kinds/page       | {\"after\":null}",
        "kinds/favourite  | {}",
        "kinds/counted    | {}",
        "kinds/counted    | {\"few\":1,\"many\":null,\"share\":0.5}",
        "kinds/darker     | {\"color\":\"RED\",\"palette\":[[\"RED\"],[]]}",
        "kinds/grow       | {\"tree\":" + TREE + "}",
        "kinds/pair       | {\"tree\":" + TREE + "}",
        "kinds/higher     | {\"tree\":{\"height\":1,\"child\":{\"height\":2,\"child\":null}}}",
        "kinds/simpler    |"
            + " {\"term\":{\"type\":\"Sum\",\"left\":{\"value\":1},\"right\":{\"value\":2}}}",
        "kinds/knots      | {\"knots\":{\"rope\":"
            + "{\"name\":\"a\",\"knots\":[{\"name\":\"b\",\"knots\":[]}]}"
            + ",\"wood\":{\"width\":2,\"inside\":{\"width\":1,\"inside\":null}}}}",
        "kinds/box        | {\"box\":{\"size\":3}}",
        "kinds/named      | {}",
        "kinds/letters    | {\"letters\":[\"a\",\"b\"]}",
        "kinds/quoted     | {}",
        "kinds/area       | {\"side\":3}",
        "kinds/area       | {\"width\":3,\"height\":4}",
        "kinds/nothing    | {}",
        "kinds/lines      | {\"lines\":[" + LINE + "]}",
        "kinds/lines      | {\"lines\":[{\"from\":{\"x\":7.0,\"y\":1},\"to\":{\"x\":1,\"y\":2}}]}",
        "kinds/label      | {\"line\":" + LINE + ",\"unless\":null}",
        "root/list        | {}",
        "root/list        | {\"details\":true}",
        "root/name        | {}",
        "root/woof        | {}",
      })
  @DisplayName(
      "SV-3 what is asked, and what comes back, are of the schemas that the document gives")
  void kept(String path, String arguments) throws Exception {
    String document = document();
    String post = "/paths/~1services~1" + path.replace("/", "~1") + "/post";
    assertThat(
            schema(document, post + "/requestBody/content/application~1json/schema")
                .validate(arguments, InputFormat.JSON))
        .as(arguments)
        .isEmpty();
    HttpResponse<String> answer = client.post("/services/" + path, arguments);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(
            schema(document, post + "/responses/200/content/application~1json/schema")
                .validate(answer.body(), InputFormat.JSON))
        .as(answer.body())
        .isEmpty();
  }

  @Test
  @DisplayName("SV-2 a record is an object of its components, and can be sent as it came")
  void components() throws Exception {
    String lines = "[" + LINE + "]";
    assertThat(client.post("/services/kinds/lines", "{\"lines\":" + lines + "}").body())
        .isEqualTo(lines);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"few, 1, 0.5", "many, 4294967296, 0.5", "share, 0.5, true"})
  @DisplayName("SV-3 a number that may be missing is a number or null")
  void numbersPerhaps(String name, String number, String other) throws Exception {
    Schema schema =
        schema(
            document(),
            "/paths/~1services~1kinds~1counted/post/requestBody/content/application~1json/schema"
                + "/properties/"
                + name);
    assertThat(schema.validate(number, InputFormat.JSON)).isEmpty();
    assertThat(schema.validate("null", InputFormat.JSON)).isEmpty();
    assertThat(schema.validate(other, InputFormat.JSON)).isNotEmpty();
  }

  @Test
  @DisplayName("SV-3 so are the values of a stream, and what an answer was can be asked with again")
  void streamed() throws Exception {
    String document = document();
    Schema shape =
        schema(
            document,
            "/paths/~1services~1kinds~1drawing/get/responses/200/content/application~1x-ndjson"
                + "/schema");
    List<String> lines = client.get("/services/kinds/drawing").body().lines().toList();
    assertThat(lines).hasSize(3);
    for (String line : lines) {
      assertThat(shape.validate(line, InputFormat.JSON)).as(line).isEmpty();
    }
    String everything = client.get("/services/kinds/everything").body();
    assertThat(client.post("/services/kinds/same", "{\"value\":" + everything + "}").body())
        .isEqualTo(everything);
  }

  @Test
  @DisplayName(
      "SV-2 a value of a sealed type says which variant it is, in an answer, a list, a stream")
  void variants() throws Exception {
    Stream<String> answers =
        Stream.of(
            client.get("/services/kinds/shapes").body(),
            client.get("/services/kinds/drawing").body().lines().toList().toString());
    assertThat(answers)
        .allSatisfy(
            answer ->
                assertThat(Client.MAPPER.readTree(answer).findValuesAsText("type"))
                    .containsExactly("Circle", "Square", "Disc"));
    assertThat(
            client
                .post(
                    "/services/kinds/larger",
                    "{\"shape\":{\"type\":\"Disc\",\"center\":{\"x\":1,\"y\":2},\"radius\":2}}")
                .body())
        .isEqualTo("{\"type\":\"Disc\",\"center\":{\"x\":1,\"y\":2},\"radius\":4.0}");
  }
}
