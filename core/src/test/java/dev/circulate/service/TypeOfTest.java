package dev.circulate.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The types that an answer can have. */
class TypeOfTest {
  @Test
  @DisplayName("a type is equal to itself however it is written, and to no other")
  void equal() {
    TypeOf<List<String>> written = new TypeOf<>() {};
    TypeOf<List<String>> named = TypeOf.listOf(String.class);
    assertThat(named).isEqualTo(written).hasSameHashCodeAs(written).hasToString("List<String>");
    assertThat(written).isEqualTo(named).hasToString("List<String>");
    assertThat(TypeOf.listOf(Integer.class)).isNotEqualTo(named);
    assertThat(TypeOf.setOf(String.class)).isNotEqualTo(named);
  }

  @Test
  @DisplayName("a type that is not written out is refused, and told how to write it")
  @SuppressWarnings("rawtypes")
  void raw() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TypeOf() {})
        .withMessageEndingWith("does not say its type: write new TypeOf<List<String>>() {}");
  }
}
