package dev.circulate.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.Checked;
import dev.circulate.UncaughtHandler;
import dev.circulate.contract.Speechless;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** GO-2: whoever reports a failure is not harmed by what is done with it. */
class UncaughtTest {
  @Test
  @DisplayName("GO-2 a handler that throws the failure itself harms nobody who reports it")
  void rethrown() {
    IllegalStateException failure = new IllegalStateException("nobody takes it");
    UncaughtHandler before =
        Uncaught.install(
            (_, _) -> {
              throw failure;
            });
    try {
      assertThatCode(() -> Uncaught.report("a test", failure)).doesNotThrowAnyException();
    } finally {
      Uncaught.install(before);
    }
  }

  @Test
  @DisplayName("GO-2 a failure that throws when it is asked what it says hides no others at exit")
  void speechlessAtExit() {
    assertThatCode(() -> Uncaught.reportAtExit("a test", new Speechless()))
        .doesNotThrowAnyException();
  }

  @Test
  @DisplayName(
      "CH-13 CH-15 a hook that throws a checked exception as it likes is told, and goes on")
  void hookThrowsChecked() {
    List<Throwable> told = new ArrayList<>();
    Exception checked = new IOException("it is closed already");
    UncaughtHandler before =
        Uncaught.install(
            (_, failure) -> {
              told.add(failure);
              Checked.thrown(checked);
            });
    try {
      Channel<Integer> channel =
          LocalChannel.open(new Buffer.Fixed(2), null, _ -> Checked.thrown(checked));
      assertThat(channel.offer(1)).isTrue();
      assertThat(channel.offer(2)).isTrue();
      channel.cancel();
      assertThat(told).containsExactly(checked, checked);
    } finally {
      Uncaught.install(before);
    }
  }
}
