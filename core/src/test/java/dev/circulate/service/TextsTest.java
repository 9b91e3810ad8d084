package dev.circulate.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is said of a value that does not fit: a peer may have made it to be long. */
class TextsTest {
  /** Counts how often it is asked what it says. */
  private record Asked(AtomicInteger times) {
    @Override
    public String toString() {
      return "asked " + times.incrementAndGet();
    }
  }

  private final Asked asked = new Asked(new AtomicInteger());
  private final List<Object> many = Collections.nCopies(100_000, asked);

  @Test
  @DisplayName("DI-9 SV-4 that a value does not fit is told without writing all of it")
  void misfit() {
    assertThat(Texts.describe(many))
        .startsWith("the list [asked 1, asked 2, ")
        .hasSizeLessThan(200);
    assertThat(Texts.describe(Map.of("x", many))).startsWith("the map {x=[asked ");
    assertThat(asked.times).hasValueLessThan(100);
  }

  @Test
  @DisplayName(
      "DI-9 SV-1 a name of a message that is no text is taken as the beginning of its text")
  void names() {
    Request request = Request.of(Map.of("_cmd", "x"));
    Request received =
        Request.received(
            Map.of("_cmd", "x", many, 1, 7, 2, "_meta", Map.of(many, 3)),
            new Origin.Remote("peer", null),
            request.deadline());
    assertThat(received.arguments()).hasSize(2).containsEntry("7", 2);
    assertThat(received.meta()).hasSize(1);
    assertThat(asked.times).hasValueLessThan(100);
  }
}
