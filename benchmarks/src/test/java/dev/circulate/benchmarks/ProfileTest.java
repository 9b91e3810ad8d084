package dev.circulate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What figures of a profile are worth. */
class ProfileTest {
  @ParameterizedTest
  @EnumSource(names = {"MEDIUM", "FULL"})
  void figures_to_quote_are_of_three_forks_at_least(Profile profile) {
    assertThat(profile.forks()).isGreaterThanOrEqualTo(3);
    assertThat(profile.warmups() * profile.iterationMillis()).isGreaterThanOrEqualTo(4_000);
  }

  @ParameterizedTest
  @EnumSource
  void ours_is_scaled_in_each_and_a_million_tasks_park_in_the_full_one(Profile profile) {
    assertThat(profile.scales(Library.CIRCULATE)).isTrue();
    assertThat(profile.scales(Library.JOX)).isEqualTo(profile == Profile.FULL);
    assertThat(profile.parked() == 1_000_000).isEqualTo(profile == Profile.FULL);
  }
}
