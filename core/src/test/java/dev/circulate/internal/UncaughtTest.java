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
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
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
  @DisplayName("GO-2 what throws a checked exception when it is asked what it says has no words")
  void wordless() {
    Exception checked = new IOException("no words");
    Object speaker =
        new Object() {
          @Override
          public String toString() {
            return Checked.thrown(checked);
          }
        };
    assertThat(Words.of(speaker)).endsWith(": (its toString threw IOException)");
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

  @Test
  @DisplayName("CH-13 CH-15 a hook that throws an error is told, and handed what else is left")
  void hookThrowsError() {
    List<Throwable> told = new ArrayList<>();
    Error error = new AssertionError("it should have been taken");
    UncaughtHandler before = Uncaught.install((_, failure) -> told.add(failure));
    try {
      Channel<Integer> channel =
          LocalChannel.open(
              new Buffer.Fixed(2),
              null,
              _ -> {
                throw error;
              });
      assertThat(channel.offer(1)).isTrue();
      assertThat(channel.offer(2)).isTrue();
      channel.cancel();
      assertThat(told).containsExactly(error, error);
    } finally {
      Uncaught.install(before);
    }
  }

  @Test
  @DisplayName(
      "GO-2 where no handler is in force failures are logged as warnings, with their place")
  void logged() {
    List<LogRecord> records = new ArrayList<>();
    Handler listening = new Listening(records);
    Logger logger = Logger.getLogger("dev.circulate");
    logger.addHandler(listening);
    logger.setUseParentHandlers(false);
    try {
      IllegalStateException failure = new IllegalStateException("nobody takes it");
      Uncaught.report("a test", failure);
      IllegalStateException worse = new IllegalStateException("nor does the handler");
      UncaughtHandler before =
          Uncaught.install(
              (_, _) -> {
                throw worse;
              });
      Uncaught.report("another", failure);
      Uncaught.install(before);
      assertThat(records).extracting(LogRecord::getLevel).containsOnly(Level.WARNING);
      assertThat(records).extracting(LogRecord::getThrown).containsExactly(failure, worse);
      assertThat(worse).hasSuppressedException(failure);
      assertThat(records.getFirst().getMessage()).isEqualTo("a test");
      assertThat(records.getLast().getMessage()).startsWith("another");
    } finally {
      logger.setUseParentHandlers(true);
      logger.removeHandler(listening);
    }
  }

  /** Keeps what is logged. */
  private static final class Listening extends Handler {
    private final List<LogRecord> records;

    Listening(List<LogRecord> records) {
      this.records = records;
    }

    @Override
    public void publish(LogRecord entry) {
      records.add(entry);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
