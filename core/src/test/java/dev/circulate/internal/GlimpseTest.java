package dev.circulate.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.contract.Speechless;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What people see of a value that a peer may have made. */
class GlimpseTest {
  /** Counts how often it is asked what it says. */
  private record Asked(AtomicInteger times) {
    @Override
    public String toString() {
      return "asked " + times.incrementAndGet();
    }
  }

  @Test
  @DisplayName("SV-4 a short value is written as it writes itself")
  void whole() {
    List<?> values =
        Arrays.asList(
            1,
            null,
            "x",
            List.of(),
            List.of(1, List.of(2)),
            Set.of(3),
            Map.of("a", Map.of(4, "b")));
    assertThat(Glimpse.of(values)).isEqualTo(values.toString());
    assertThat(Glimpse.of("text")).isEqualTo("text");
    assertThat(Glimpse.of(null)).isEqualTo("null");
  }

  @Test
  @DisplayName("DI-9 SV-4 of a long value no more is written than is shown")
  void beginning() {
    Asked asked = new Asked(new AtomicInteger());
    List<Object> many = Collections.nCopies(100_000, asked);
    for (Object value : List.of(many, List.of(many, many), Map.of("x", many), Map.of(many, 1))) {
      assertThat(Glimpse.of(value)).hasSize(121).endsWith("…").contains("asked ");
    }
    assertThat(asked.times).hasValueLessThan(200);
  }

  @Test
  @DisplayName("DI-9 SV-4 of what is nested for ever the beginning is shown")
  void endless() {
    List<Object> itself = new ArrayList<>();
    itself.add(itself);
    assertThat(Glimpse.of(itself)).isEqualTo("[".repeat(120) + "…");
  }

  @Test
  @DisplayName("SV-4 no character is cut in two")
  void wholeCharacters() {
    String smiles = "\ud83d\ude00".repeat(60);
    assertThat(Glimpse.of(smiles + "x")).isEqualTo(smiles + "…");
    assertThat(Glimpse.of("x" + smiles)).isEqualTo("x" + smiles.substring(0, 118) + "…");
  }

  @Test
  @DisplayName("SV-4 a value that throws when it is asked what it says is told as such")
  void speechless() {
    Object mute =
        new Object() {
          @Override
          public String toString() {
            throw new Speechless();
          }
        };
    assertThat(Glimpse.of(List.of(mute))).isEqualTo("[(its toString threw Speechless)]");
  }
}
