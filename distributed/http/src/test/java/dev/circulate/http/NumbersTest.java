package dev.circulate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.circulate.service.Command;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.Visibility;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SV-2: numbers over HTTP, which lose no digit, and are none where JSON has none. */
class NumbersTest {
  private static final String LONG = "0.12345678901234567890";

  /** Answers what it was given. */
  static final class Numbers {
    record Measure(double length, BigDecimal price) {}

    @Command(readOnly = true)
    BigDecimal decimal(BigDecimal value) {
      return value;
    }

    @Command(readOnly = true)
    BigInteger large(BigInteger value) {
      return value;
    }

    @Command(readOnly = true)
    double real(double value) {
      return value;
    }

    @Command(readOnly = true)
    List<Double> reals(List<Double> value) {
      return value;
    }

    @Command(readOnly = true)
    Measure measure(Measure value) {
      return value;
    }

    @Command(readOnly = true)
    String kind(Object value) {
      return value.getClass().getSimpleName();
    }

    @Command(readOnly = true)
    double infinite() {
      return Double.NEGATIVE_INFINITY;
    }

    @Command(readOnly = true)
    Map<String, Float> inside() {
      return Map.of("none", Float.NaN);
    }

    @Command(readOnly = true)
    double[] array() {
      return new double[] {1, Double.POSITIVE_INFINITY};
    }
  }

  private Rest rest;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    Root root = Root.named("root").add("numbers", Service.of(new Numbers()), Visibility.PUBLIC);
    rest = Rest.serve(root).port(0).start();
    client = new Client(rest.uri());
  }

  @AfterEach
  void stop() {
    client.close();
    rest.close();
  }

  private HttpResponse<String> posted(String command, String value) throws Exception {
    return client.post("/services/numbers/" + command, "{\"value\": " + value + "}");
  }

  private HttpResponse<String> got(String command, String value) throws Exception {
    return client.get(
        "/services/numbers/%s?value=%s"
            .formatted(command, URLEncoder.encode(value, StandardCharsets.UTF_8)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "decimal | " + LONG,
        "decimal | 12345678901234567890.12345",
        "decimal | 4",
        "real    | 0.1",
        "real    | 1.7976931348623157E308",
        "real    | 4.9E-324",
        "real    | -2.5",
        "large   | 123456789012345678901234567890",
        "reals   | [0.1,0.2,3.0]",
        "measure | {\"length\":0.1,\"price\":" + LONG + "}",
      })
  @DisplayName("a number comes and goes with all its digits, in a body and in a query")
  void digits(String command, String value) throws Exception {
    assertThat(posted(command, value).body()).isEqualTo(value);
    assertThat(got(command, value).body()).isEqualTo(value);
  }

  @Test
  @DisplayName("a fraction is a double wherever that is the same number")
  void kinds() throws Exception {
    assertThat(posted("kind", "0.1").body()).isEqualTo("\"Double\"");
    assertThat(posted("kind", "-1.50").body()).isEqualTo("\"Double\"");
    assertThat(posted("kind", LONG).body()).isEqualTo("\"BigDecimal\"");
    assertThat(posted("real", LONG).body()).isEqualTo("0.12345678901234568");
    assertThat(posted("kind", "7").body()).isEqualTo("\"Integer\"");
  }

  private static JsonNode problem(HttpResponse<String> response, int status, String code) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    JsonNode problem = Client.json(response);
    assertThat(problem.get("code").asText()).isEqualTo(code);
    return problem;
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e400", "-1e400", "1e999999999", "1e-999999999"})
  @DisplayName("DI-9 a number that no double comes near does not fit, wherever it stands")
  void beyond(String number) throws Exception {
    for (String command : List.of("real", "decimal", "large")) {
      problem(posted(command, number), 422, "invalid-argument");
      problem(got(command, number), 422, "invalid-argument");
    }
    JsonNode problem = problem(posted("reals", "[" + number + "]"), 422, "invalid-argument");
    assertThat(problem.get("detail").asText()).contains("is too large or too small");
    problem(got("reals", "[" + number + "]"), 422, "invalid-argument");
  }

  @ParameterizedTest
  @ValueSource(strings = {"infinite", "inside", "array"})
  @DisplayName("an answer with a number that JSON does not have is a failure, not a text")
  void none(String command) throws Exception {
    JsonNode problem = problem(client.get("/services/numbers/" + command), 500, "internal");
    assertThat(problem.get("detail").asText()).contains("JSON has no number ");
  }
}
