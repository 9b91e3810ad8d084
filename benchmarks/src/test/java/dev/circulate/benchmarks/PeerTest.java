package dev.circulate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every library moves all the values that a shape asks for; to load core.async takes seconds. */
@Tag("long")
class PeerTest {
  static Set<Library> local() {
    return Library.LOCAL;
  }

  @ParameterizedTest
  @MethodSource("local")
  void through_one_channel(Library library) throws Exception {
    assertThat(library.load().transfer(0, 1, 1, 100)).isEqualTo(sum(100));
    assertThat(library.load().transfer(16, 4, 2, 100)).isEqualTo(4 * sum(25));
  }

  @ParameterizedTest
  @MethodSource("local")
  void there_and_back(Library library) throws Exception {
    assertThat(library.load().pingPong(100)).isEqualTo(sum(100));
  }

  @ParameterizedTest
  @MethodSource("local")
  void along_a_chain(Library library) throws Exception {
    assertThat(library.load().chain(0, 10, 100)).isEqualTo(sum(100));
    assertThat(library.load().chain(16, 10, 100)).isEqualTo(sum(100));
  }

  @ParameterizedTest
  @MethodSource("local")
  void in_pairs(Library library) throws Exception {
    assertThat(library.load().pairs(0, 10, 100)).isEqualTo(10 * sum(100));
  }

  @ParameterizedTest
  @MethodSource("local")
  void selecting(Library library) throws Exception {
    assumeThat(Scenario.named("select 2").libraries()).contains(library);
    assertThat(library.load().select(16, 4, 100)).isEqualTo(4 * sum(25));
    assertThat(library.load().selectOneBusy(4, 100)).isEqualTo(sum(100));
  }

  @ParameterizedTest
  @MethodSource("local")
  void round_many_channels(Library library) throws Exception {
    assertThat(library.load().roundRobin(16, 7, 100)).isEqualTo(sum(100));
  }

  @ParameterizedTest
  @MethodSource("local")
  void starting_and_joining(Library library) throws Exception {
    assertThat(library.load().spawn(10, 3)).isEqualTo(3 * sum(10));
  }

  @ParameterizedTest
  @MethodSource("local")
  void within_a_limit(Library library) throws Exception {
    assertThat(library.load().timedTakes(100)).isEqualTo(sum(100));
  }

  @ParameterizedTest
  @EnumSource(names = {"CIRCULATE", "JDK", "JCTOOLS"})
  void without_waiting(Library library) throws Exception {
    assertThat(library.load().tryingTransfer(16, 4, 100)).isEqualTo(4 * sum(25));
  }

  @Test
  void parking_alone() throws Exception {
    for (Scenario row : Scenario.floors()) {
      assertThat(row.run(Library.PARKING.load()))
          .as(row.name())
          .isEqualTo(row.run(Library.CIRCULATE.load()));
    }
  }

  private static long sum(long values) {
    return values * (values - 1) / 2;
  }
}
