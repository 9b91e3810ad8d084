package dev.circulate.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How values cross that are of two kinds at once. */
class SeveralKindsTest {
  private final Wire wire = new Wire();

  @Test
  @DisplayName("SV-4 a throwable that is a list of throwables, as those of databases, is data")
  void throwable() {
    SQLException thrown = new SQLException("no table");
    thrown.setNextException(new SQLException("no column"));
    assertThat(wire.across(thrown))
        .isEqualTo(
            Map.of("code", "failed", "type", "java.sql.SQLException", "message", "no table"));
  }

  record Team(String name, List<String> members) implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return members.iterator();
    }
  }

  @Test
  @DisplayName("DI-1 a record that can be looped over is the map of its components")
  void record() {
    assertThat(wire.across(new Team("red", List.of("a"))))
        .isEqualTo(Map.of("name", "red", "members", List.of("a")));
  }

  enum Planet implements Iterable<String> {
    MARS;

    @Override
    public Iterator<String> iterator() {
      return List.of("Phobos", "Deimos").iterator();
    }
  }

  @Test
  @DisplayName("DI-1 an enum constant that can be looped over is its name")
  void constant() {
    assertThat(wire.across(Planet.MARS)).isEqualTo("MARS");
  }
}
