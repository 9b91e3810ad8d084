package dev.circulate;

import static dev.circulate.Numbers.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a map hands to its function. */
@Timeout(60)
class MapTest {
  private static ReadPort<String> texts(String... texts) {
    return Pipes.toChan(1, List.of(texts));
  }

  @Test
  @DisplayName("CH-4 a map of two hands over the first one's value first")
  void two() {
    assertThat(all(Pipes.map(texts("a", "b"), texts("1", "2"), 1, String::concat)))
        .containsExactly("a1", "b2");
  }

  @Test
  @DisplayName("CH-4 a map of many hands over their values in the order of the sources")
  void many() {
    assertThat(
            all(
                Pipes.<String, String>map(
                    List.of(texts("a", "b"), texts("1", "2"), texts("x", "y")),
                    1,
                    values -> String.join("", values))))
        .containsExactly("a1x", "b2y");
  }

  @Test
  @DisplayName("a map of nothing is refused")
  void none() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pipes.<String, Integer>map(List.of(), 1, List::size))
        .withMessageContaining("at least one");
  }
}
