package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.testkit.TestTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DI-8: a session does not wait for another link for ever, whoever tells of the break when. */
class GraceTest {
  private static final Duration LENGTH = Duration.ofSeconds(10);

  private final TestTime time = TestTime.install();
  private final Grace grace = new Grace(LENGTH, "a peer");
  private final List<String> over = new ArrayList<>();

  @AfterEach
  void close() {
    time.close();
  }

  @Test
  @DisplayName("DI-8 who tells late of a link that was followed by another ends no newer wait")
  void lateNews() {
    grace.begin(() -> true, () -> over.add("the second link's"));
    grace.begin(() -> false, () -> over.add("the first link's")); // by a thread that was slow
    time.advance(LENGTH);
    assertThat(over).containsExactly("the second link's");
  }

  @Test
  @DisplayName("DI-8 another break begins anew, and a wait that was ended is over")
  void anew() {
    grace.begin(() -> true, () -> over.add("first"));
    time.advance(LENGTH.dividedBy(2));
    grace.begin(() -> true, () -> over.add("second"));
    time.advance(LENGTH.dividedBy(2));
    assertThat(over).isEmpty();
    time.advance(LENGTH.dividedBy(2));
    assertThat(over).containsExactly("second");
    grace.begin(() -> true, () -> over.add("third"));
    grace.end();
    time.advance(LENGTH);
    assertThat(over).containsExactly("second");
  }
}
