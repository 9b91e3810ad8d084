package dev.circulate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client takes, as its {@code Accept} says. */
class AcceptsTest {
  @ParameterizedTest(name = "{0} takes {1}, as a stream {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "*/*                                              | JSON   | LINES",
        "text/*                                           | EVENTS | EVENTS",
        "text/event-stream ; q=0.5, application/json;q=1  | JSON   | EVENTS",
        "application/json ;\tq=0.1 , text/event-stream     | EVENTS | EVENTS",
        "*/*;q=0.1, application/x-ndjson;q=0              | JSON   | EVENTS",
        "application/json;charset=utf-8                   | JSON   |",
        "text/html                                        |        |",
        "application/*                                    | JSON   | LINES",
        "application/json;q=nothing                       |        |",
      })
  void forms(String header, Form value, Form stream) {
    Accepts accepts = new Accepts(header);
    assertThat(accepts.forValue()).isEqualTo(value);
    assertThat(accepts.forStream()).isEqualTo(stream);
  }

  @Test
  @DisplayName("DI-9 a header of many blanks takes no longer than it is")
  void blanks() {
    Accepts accepts = new Accepts("text/html" + " ".repeat(1_000_000) + "x");
    assertThat(assertTimeoutPreemptively(Duration.ofSeconds(10), accepts::forValue)).isNull();
  }
}
