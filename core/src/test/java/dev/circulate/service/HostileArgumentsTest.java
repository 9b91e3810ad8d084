package dev.circulate.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller sends so that it takes long to be converted. */
class HostileArgumentsTest {
  private static final Duration SHORTLY = Duration.ofSeconds(10);

  private static @Nullable Object converted(Conversion conversion, Object value) throws Exception {
    return assertTimeoutPreemptively(SHORTLY, () -> conversion.convert(value));
  }

  @ParameterizedTest(name = "{displayName}: {0}")
  @ValueSource(classes = {Instant.class, OffsetDateTime.class, ZonedDateTime.class})
  @DisplayName("DI-9 SV-2 a text of a million digits is no moment, and that is told at once")
  void manyDigits(Class<?> moment) {
    String digits = "1".repeat(1_000_000) + "x";
    assertThatThrownBy(() -> converted(new Conversion(moment), digits))
        .isInstanceOf(Conversion.Misfit.class);
  }

  record Point(int x, int y) {}

  private static final Conversion POINTS = new Conversion(TypeOf.setOf(Point.class).type());

  @Test
  @DisplayName(
      "DI-9 SV-2 a set of which all have one hash code is refused, not compared for minutes")
  void alike() {
    List<Object> points = new ArrayList<>();
    List<Object> pairs = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      points.add(Map.of("x", i, "y", -31 * i));
      pairs.add(List.of(i, -31 * i));
    }
    assertTooMany(POINTS, points);
    assertTooMany(new Conversion(TypeOf.setOf(List.class).type()), pairs);
  }

  private static void assertTooMany(Conversion conversion, List<?> alike) {
    assertThatThrownBy(() -> converted(conversion, alike))
        .isInstanceOf(Conversion.Misfit.class)
        .hasMessageEndingWith("more than 256 elements of a set have the same hash code)");
  }

  record Name(String text) {}

  @Test
  @DisplayName("DI-9 SV-2 so is a map whose keys are of a type of the program's own")
  void keysAlike() {
    Map<String, Object> names = new HashMap<>();
    for (int i = 0; i < 1 << 17; i++) {
      StringBuilder name = new StringBuilder();
      for (int bit = 0; bit < 17; bit++) {
        name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      names.put(name.toString(), i);
    }
    Conversion byName = new Conversion(new TypeOf<Map<Name, Integer>>() {}.type());
    assertThatThrownBy(() -> converted(byName, names))
        .isInstanceOf(Conversion.Misfit.class)
        .hasMessageEndingWith("more than 256 keys of a map have the same hash code)");
  }

  record Tree(Map<String, Tree> branches) {}

  @Test
  @DisplayName("DI-9 SV-2 where it did not fit is told shortly, however long the names are there")
  void longPlace() {
    String name = "x".repeat(500_000);
    Object tree = "no tree";
    for (int i = 0; i < 90; i++) {
      tree = Map.of("branches", Map.of(name, tree));
    }
    Object deep = tree;
    assertThatThrownBy(() -> converted(new Conversion(Tree.class), deep))
        .isInstanceOf(Conversion.Misfit.class)
        .satisfies(misfit -> assertThat(misfit.getMessage()).hasSizeLessThan(20_000));
  }

  @Test
  @DisplayName("SV-2 a set of values that collide by nature, or came many times, is that set")
  void honest() throws Exception {
    List<Object> points = new ArrayList<>(Collections.nCopies(1_000, Map.of("x", 1, "y", 1)));
    for (int x = 0; x < 100; x++) {
      for (int y = 0; y < 100; y++) {
        points.add(Map.of("x", x, "y", y));
      }
    }
    assertThat((Set<?>) converted(POINTS, points))
        .isExactlyInstanceOf(HashSet.class)
        .hasSize(10_000);
    List<String> texts = List.of("Aa", "BB", "Aa");
    assertThat(converted(new Conversion(TypeOf.setOf(String.class).type()), texts))
        .isEqualTo(Set.of("Aa", "BB"));
  }
}
