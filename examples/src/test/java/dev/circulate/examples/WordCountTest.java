package dev.circulate.examples;

import static dev.circulate.contract.Until.until;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.ReadPort;
import dev.circulate.rabbitmq.Work;
import dev.circulate.rabbitmq.WorkQueue;
import dev.circulate.rabbitmq.testkit.Broker;
import dev.circulate.rabbitmq.testkit.EmbeddedBroker;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A farm of processes counts each file once, although one of them is killed, and says what cannot
 * be counted.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class WordCountTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3); // four processes start
  private static final int FILES = 120;
  private static final Pattern RUN = Pattern.compile("word-count-[0-9a-f-]{36}");

  private static EmbeddedBroker broker;

  @TempDir private Path folder;

  @BeforeAll
  static void startBroker() throws IOException {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  private static URI uriWithPassword() {
    return URI.create("amqp://guest:guest@127.0.0.1:" + broker.uri().getPort());
  }

  /** Files with known words. */
  private int write() throws IOException {
    int words = 0;
    for (int i = 0; i < FILES; i++) {
      int lines = 1_000 + i;
      Files.writeString(folder.resolve("file" + i + ".txt"), "two words\n".repeat(lines));
      words += 2 * lines;
    }
    return words;
  }

  /** A file with more words than a message may have. */
  private void writeDictionary() throws IOException {
    Files.writeString(
        folder.resolve("dictionary.txt"),
        IntStream.range(0, 110_000).mapToObj(WordCountTest::word).collect(joining(" ")));
  }

  private static String word(int n) {
    return Integer.toString(n, 26).chars().mapToObj(WordCountTest::letter).collect(joining());
  }

  private static String letter(int digit) {
    return Character.toString('a' + Character.digit(digit, 26));
  }

  private Program start(Map<String, String> environment) throws IOException {
    Map<String, String> quick = new HashMap<>(environment);
    quick.put("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"); // workers, too
    return Program.start(
        quick, System.getProperty("java.class.path"), WordCount.class.getName(), folder.toString());
  }

  private void assertCountsAll(Map<String, String> environment) throws Exception {
    int words = write();
    writeDictionary();
    try (Program farm = start(environment)) {
      assertThat(farm.awaitSuccess(PATIENCE))
          .contains("killed worker")
          .contains("[########################################] 121 of 121 files")
          .contains("not counted: " + folder.toRealPath().resolve("dictionary.txt"))
          .containsPattern(
              "counted " + words + " words, 2 different ones, in 120 files by [23] workers");
    }
  }

  @Test
  @DisplayName("over the broker that is there, or is started")
  void found() throws Exception {
    assertCountsAll(Map.of());
  }

  @Test
  @Tag("long")
  @DisplayName("over the broker within a JVM")
  void embedded() throws Exception {
    assertCountsAll(Map.of(Broker.VARIABLE, broker.uri().toString()));
  }

  @Test
  @EnabledOnOs(OS.LINUX) // where others' command lines are to be seen
  @DisplayName("a farm that is stopped leaves no queue, and shows no password to other users")
  void stopped() throws Exception {
    write();
    try (Program farm = start(Map.of(Broker.VARIABLE, uriWithPassword().toString()))) {
      until("a worker starts", () -> !workers(farm).isEmpty());
      String worker = workers(farm).getFirst();
      assertThat(worker).doesNotContain("guest:guest");
      farm.handle().destroy();
      int _ = farm.awaitEnd(PATIENCE);
      Matcher run = RUN.matcher(worker);
      assertThat(run.find()).isTrue();
      assertGone(run.group() + ".jobs");
      assertGone(run.group() + ".results");
    }
  }

  /** The command lines of its workers. */
  private static List<String> workers(Program farm) {
    return farm.handle()
        .descendants()
        .map(WordCountTest::commandLine)
        .filter(line -> line.contains(WordCountWorker.class.getName()))
        .toList();
  }

  /** As Linux has it: {@link ProcessHandle.Info} knows none that is so long. */
  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
    } catch (IOException _) {
      return ""; // it has ended
    }
  }

  private static void assertGone(String queue) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker.uri());
    try (Connection connection = factory.newConnection()) {
      assertThatThrownBy(
              () -> connection.createChannel().queueDeclarePassive("circulate.work." + queue))
          .hasStackTraceContaining("reply-code=404");
    }
  }

  @Test
  @DisplayName("a file that is gone, or too large for a worker, is said not to be counted")
  void uncountable() throws Exception {
    Path large = folder.resolve("large.txt");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(3L << 30); // with nothing on the disk
    }
    try (WorkQueue<WordCount.Counted> results =
            WorkQueue.open(broker.uri(), "uncountable.results", WordCount.Counted.class);
        Closeable _ = results::delete) {
      WordCountWorker.count(large.toString(), results);
      WordCountWorker.count(folder.resolve("gone.txt").toString(), results);
      ReadPort<Work<WordCount.Counted>> counted = results.readPort(2);
      assertThat(whyNot(counted.take())).startsWith("java.lang.OutOfMemoryError");
      assertThat(whyNot(counted.take())).startsWith("java.nio.file.NoSuchFileException");
    }
  }

  private static String whyNot(@Nullable Work<WordCount.Counted> taken) {
    Work<WordCount.Counted> work = Objects.requireNonNull(taken, "nothing");
    work.done();
    return work.value().notCounted().orElseThrow();
  }

  @Test
  @DisplayName("who waits for words hears when the files cannot be given out")
  void notGivenOut() throws Exception {
    List<Path> files = Stream.<Path>iterate(folder, _ -> null).limit(2).toList(); // one is none
    Channel<WordCount.Counted> counted = Csp.chan(1);
    try (WorkQueue<WordCount.Job> jobs =
            WorkQueue.open(broker.uri(), "not-given-out.jobs", WordCount.Job.class);
        Closeable _ = jobs::delete) {
      WordCount.giveOut(files, jobs, counted);
      assertThatThrownBy(counted::take).hasRootCauseInstanceOf(NullPointerException.class);
    }
  }
}
