package dev.circulate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run does when not all goes well. */
class BenchTest {
  static {
    // while others measure, too
    System.setProperty("jmh.ignoreLock", "true");
  }

  @Test
  void who_fails_in_a_row_is_named(@TempDir Path folder) throws Exception {
    Scenario row = Scenario.named("spawn and join 1");
    Scenario withStranger =
        new Scenario(
            row.name(),
            row.unit(),
            row.operations(),
            EnumSet.of(Library.CIRCULATE, Library.GRPC_VIRTUAL),
            row.shape());
    Bench bench = new Bench(Profile.SMOKE, Pattern.compile(""), folder);
    bench.measure(withStranger);
    assertThat(bench.failures()).containsExactly("spawn and join 1: gRPC, virtual threads failed");
    assertThat(folder.resolve("report.md")).content().contains("| spawn and join 1 | ns/task |");
    assertThat(folder.resolve("jmh.json"))
        .content()
        .contains("\"scenario\" : \"spawn and join 1\"");
  }

  @Test
  void a_name_that_no_row_has_is_refused(@TempDir Path folder) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Bench.main(new String[] {"smoke", "no such row", folder.toString()}))
        .withMessageContaining("no such row");
  }
}
