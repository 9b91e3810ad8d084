package dev.circulate;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.circulate.WaitingBlock.Operation;
import dev.circulate.WaitingBlock.Wait;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.SettingDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BlocksTest {
  private static List<WaitingBlock> named(String name) {
    return Blocks.waiting().stream().filter(block -> block.name().equals(name)).toList();
  }

  private static WaitingBlock awaitNamed(String name) {
    until("'" + name + "' waits", () -> !named(name).isEmpty());
    return named(name).getFirst();
  }

  @Test
  @DisplayName("GO-4 the listing tells which block takes from which channel, since when")
  void take() throws Exception {
    Channel<Integer> pages = Channel.<Integer>builder().name("pages").open();
    Instant before = Instant.now();
    Channel<Integer> block = Csp.go("indexer", () -> pages.take());
    WaitingBlock waiting = awaitNamed("indexer");
    assertThat(waiting.waits()).containsExactly(new Wait(Operation.TAKE, "channel 'pages'"));
    assertThat(waiting.operation()).isEqualTo("take from channel 'pages'");
    assertThat(waiting.since()).isBetween(before.minusMillis(50), Instant.now().plusMillis(50));
    assertThat(waiting.blocker()).contains("Taking@");
    assertThat(awaitNamed("indexer")).as("the same wait, looked at again").isEqualTo(waiting);
    pages.put(1);
    assertThat(block.take()).isEqualTo(1);
    until("it is gone", () -> named("indexer").isEmpty());
  }

  @Test
  @DisplayName("GO-4 a channel with a gatherer and no name is the same to putters and takers")
  void withGatherer() throws Exception {
    Channel<Integer> channel = Csp.chan(1, Gathering.<Integer>dedupe());
    Channel<Integer> taker = Csp.go("taker", () -> channel.take());
    assertThat(awaitNamed("taker").operation()).isEqualTo("take from " + channel);
    channel.put(1);
    assertThat(taker.take()).isEqualTo(1);
    channel.put(1);
    channel.put(2);
    Channel<Boolean> putter = Csp.go("putter", () -> channel.put(3));
    assertThat(awaitNamed("putter").operation()).isEqualTo("put to " + channel);
    assertThat(channel.take()).isEqualTo(2);
    assertThat(putter.take()).isTrue();
  }

  @Test
  @DisplayName("GO-4 the listing tells a put, and each operation of an alts")
  void putAndAlts() throws Exception {
    Channel<Integer> in = Channel.<Integer>builder().name("in").open();
    Channel<Integer> out = Channel.<Integer>builder().name("out").open();
    Channel<Boolean> putter = Csp.go("putter", () -> out.put(1));
    assertThat(awaitNamed("putter").operation()).isEqualTo("put to channel 'out'");
    assertThat(out.take()).isEqualTo(1);
    assertThat(putter.take()).isTrue();

    Channel<String> chooser =
        Csp.go(
            "chooser",
            () ->
                Alts.<String>first()
                    .take(in, value -> "took " + value)
                    .put(out, 2, () -> "put")
                    .await());
    WaitingBlock waiting = awaitNamed("chooser");
    assertThat(waiting.waits())
        .containsExactly(
            new Wait(Operation.TAKE, "channel 'in'"), new Wait(Operation.PUT, "channel 'out'"));
    assertThat(waiting.toString())
        .contains("go block 'chooser'")
        .contains("alts (take from channel 'in', put to channel 'out')");
    in.put(3);
    assertThat(chooser.take()).isEqualTo("took 3");
  }

  @Test
  @DisplayName("GO-4 a block that ended is not listed, though it parked; nor is one that runs")
  void notListed() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    Channel<Integer> first = Csp.chan();
    Channel<Void> block =
        Csp.go(
            "runner",
            () -> {
              first.take();
              while (!stop.get()) {
                Thread.onSpinWait();
              }
            });
    awaitNamed("runner");
    first.put(1);
    until("it runs", () -> named("runner").isEmpty());
    stop.set(true);
    assertThat(block.take()).isNull();
    assertThat(named("runner")).isEmpty();
  }

  @Test
  @DisplayName("GO-4 a thread dump names what a block is parked on as the listing does")
  void threadDump() throws Exception {
    Channel<Integer> pages = Csp.chan();
    Channel<Integer> block = Csp.go("dumped", () -> pages.take());
    WaitingBlock waiting = awaitNamed("dumped");
    Path file = Files.createTempDirectory("dump").resolve("dump.txt");
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
    assertThat(file).content().contains("#" + waiting.threadId()).contains(waiting.blocker());
    pages.close();
    assertThat(block.take()).isNull();
  }

  @Test
  @DisplayName("GO-4 the dump writes a line for each block, so many at the most")
  void dump() throws IOException {
    Channel<Integer> many = Channel.<Integer>builder().name("many").open();
    for (int i = 0; i < 5; i++) {
      Csp.go("waiter", () -> many.take());
    }
    until("all wait", () -> named("waiter").size() == 5);
    StringBuilder all = new StringBuilder();
    Blocks.dump(all);
    assertThat(all.toString().lines().filter(line -> line.contains("\"waiter\" waits ")))
        .hasSize(5)
        .allSatisfy(line -> assertThat(line).contains("s to take from channel 'many' on <"));
    StringBuilder some = new StringBuilder();
    Blocks.dump(some, 2);
    assertThat(some.toString().lines()).hasSize(3).last().asString().matches("and \\d+ more");
    assertThatIllegalArgumentException().isThrownBy(() -> Blocks.dump(some, -1));
    many.close();
    until("all are gone", () -> named("waiter").isEmpty());
  }

  @Test
  @DisplayName(
      "GO-4 a wait longer than the threshold is recorded by Flight Recorder, a shorter is not")
  void recorded() throws Exception {
    Path file = Files.createTempDirectory("jfr").resolve("waits.jfr");
    Channel<Integer> quick = Channel.<Integer>builder().name("quick").open();
    Channel<Integer> slow = Channel.<Integer>builder().name("slow").open();
    try (Recording recording = new Recording()) {
      recording.enable("dev.circulate.ChannelWait").withThreshold(Duration.ofHours(1));
      recording.start();
      pass("early", quick);
      recording.enable("dev.circulate.ChannelWait").withThreshold(Duration.ZERO);
      pass("late", slow);
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> waits =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals("dev.circulate.ChannelWait"))
            .filter(event -> !event.getString("block").isEmpty())
            .toList();
    assertThat(waits).noneMatch(event -> event.getString("block").equals("early"));
    assertThat(waits)
        .filteredOn(event -> event.getString("block").equals("late"))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getString("operation")).isEqualTo("TAKE");
              assertThat(event.getString("channel")).isEqualTo("channel 'slow'");
              assertThat(event.getString("outcome")).isEqualTo("DONE");
              assertThat(event.getDuration()).isPositive();
              assertThat(event.getStackTrace().getFrames())
                  .as("the stack of the operation")
                  .extracting(frame -> frame.getMethod().getType().getName())
                  .contains(BlocksTest.class.getName());
            });
  }

  private static void pass(String name, Channel<Integer> channel) throws InterruptedException {
    Channel<Integer> block = Csp.go(name, () -> channel.take());
    awaitNamed(name);
    channel.put(1);
    assertThat(block.take()).isEqualTo(1);
  }

  @Test
  @DisplayName("GO-4 the listing begins with the block that has waited longest")
  void longestFirst() throws Exception {
    Channel<Integer> never = Csp.chan();
    List<String> names = List.of("eldest", "elder", "young");
    for (String name : names) {
      Csp.go(name, () -> never.take());
      awaitNamed(name);
    }
    assertThat(Blocks.waiting()).extracting(WaitingBlock::name).containsSubsequence(names);
    never.close();
    until("all are gone", () -> names.stream().allMatch(name -> named(name).isEmpty()));
  }

  @Test
  @DisplayName("GO-4 what is recorded tells a put, an alts, and how the wait ended")
  void recordedOutcomes() throws Exception {
    Path file = Files.createTempDirectory("jfr").resolve("waits.jfr");
    Channel<Integer> in = Channel.<Integer>builder().name("in").open();
    Channel<Integer> out = Channel.<Integer>builder().name("out").open();
    try (Recording recording = new Recording()) {
      recording.enable("dev.circulate.ChannelWait").withThreshold(Duration.ZERO);
      recording.start();
      Channel<Boolean> late = Csp.go("late putter", () -> out.offer(1, Duration.ofMillis(5)));
      assertThat(late.take()).isFalse();
      Channel<Integer> chooser =
          Csp.go(
              "recorded chooser",
              () -> Alts.<Integer>first().take(in, value -> value).put(out, 2, () -> -1).await());
      awaitNamed("recorded chooser");
      in.put(3);
      assertThat(chooser.take()).isEqualTo(3);
      try (Scope scope = Scope.open()) {
        scope.go("stopped taker", () -> in.take());
        awaitNamed("stopped taker");
        scope.cancel();
      }
      recording.stop();
      recording.dump(file);
    }
    assertThat(RecordingFile.readAllEvents(file))
        .filteredOn(event -> event.getEventType().getName().equals("dev.circulate.ChannelWait"))
        .extracting(
            event -> event.getString("block"),
            event -> event.getString("operation"),
            event -> event.getString("channel"),
            event -> event.getString("outcome"))
        .contains(
            tuple("late putter", "PUT", "channel 'out'", "TIMED_OUT"),
            tuple(
                "recorded chooser",
                "ALTS",
                "[take from channel 'in', put to channel 'out']",
                "DONE"),
            tuple("stopped taker", "TAKE", "channel 'in'", "INTERRUPTED"));
  }

  @Test
  @DisplayName("GO-4 a wait is recorded from 20 ms on, unless the recording says otherwise")
  void threshold() throws Exception {
    try (Recording recording = new Recording()) {
      recording.enable("dev.circulate.ChannelWait");
      recording.start();
      pass("known to the recorder", Csp.chan());
    }
    assertThat(FlightRecorder.getFlightRecorder().getEventTypes())
        .filteredOn(type -> type.getName().equals("dev.circulate.ChannelWait"))
        .singleElement()
        .satisfies(
            type ->
                assertThat(type.getSettingDescriptors())
                    .filteredOn(setting -> setting.getName().equals("threshold"))
                    .extracting(SettingDescriptor::getDefaultValue)
                    .containsExactly("20 ms"));
  }

  @Test
  @DisplayName("GO-4 a dump writes a thousand blocks unless told otherwise, and how many more wait")
  void dumpOfMany() throws IOException {
    Channel<Integer> many = Csp.chan();
    for (int i = 0; i < 1_001; i++) {
      Csp.go("one of many", () -> many.take());
    }
    until("all wait", () -> named("one of many").size() == 1_001);
    StringBuilder text = new StringBuilder();
    Blocks.dump(text);
    List<String> lines = text.toString().lines().toList();
    assertThat(lines).hasSize(1_001).last().asString().matches("and [1-9]\\d* more");
    many.close();
    until("all are gone", () -> named("one of many").isEmpty());
  }

  @Test
  @DisplayName("GO-4 a dump tells in seconds how long a block has waited")
  void dumpTellsHowLong() throws IOException {
    Channel<Integer> never = Csp.chan();
    Csp.go("patient", () -> never.take());
    Instant since = awaitNamed("patient").since();
    until("it has waited for a moment", () -> since.plusMillis(5).isBefore(Instant.now()));
    Duration least = Duration.between(since, Instant.now());
    StringBuilder text = new StringBuilder();
    Blocks.dump(text);
    Duration most = Duration.between(since, Instant.now());
    Matcher told = Pattern.compile("\"patient\" waits (\\d+\\.\\d{3}) s").matcher(text);
    assertThat(told.find()).isTrue();
    Duration waited =
        Duration.ofMillis(new BigDecimal(told.group(1)).movePointRight(3).longValue());
    assertThat(waited).isBetween(least.minusMillis(50), most.plusMillis(50));
    never.close();
    until("it is gone", () -> named("patient").isEmpty());
  }

  @Test
  @DisplayName("GO-4 a thread that is no go block is not listed, though it waits for a channel")
  void otherThreads() throws Exception {
    for (Thread.Builder kind : List.of(Thread.ofVirtual(), Thread.ofPlatform())) {
      Channel<Integer> never = Csp.chan();
      Thread thread = kind.name("a thread").start(() -> never.forEach(_ -> {}));
      until("it waits", () -> thread.getState() == Thread.State.WAITING);
      assertThat(named("a thread")).isEmpty();
      never.cancel();
      thread.join();
    }
  }

  @Test
  @DisplayName("GO-4 a wait with a limit is listed as one without")
  void waitsWithLimit() throws Exception {
    Duration day = Duration.ofDays(1);
    Channel<Integer> in = Channel.<Integer>builder().name("in").open();
    Channel<Integer> out = Channel.<Integer>builder().name("out").open();
    try (Scope scope = Scope.open();
        AutoCloseable _ = scope::cancel) {
      scope.go("timed taker", () -> in.poll(day));
      scope.go("timed putter", () -> out.offer(1, day));
      scope.go(
          "timed chooser",
          () -> Alts.<Integer>first().take(in, n -> n).timeout(day, () -> 0).await());
      assertThat(awaitNamed("timed taker").operation()).isEqualTo("take from channel 'in'");
      assertThat(awaitNamed("timed putter").operation()).isEqualTo("put to channel 'out'");
      assertThat(awaitNamed("timed chooser").operation()).isEqualTo("take from channel 'in'");
    }
  }
}
