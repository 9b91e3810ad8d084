package dev.circulate.examples;

import static dev.circulate.Csp.chan;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.Pipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The programs in docs/channels.md are those of {@link ChannelPrograms}, and do what it says. */
class ChannelPageTest {
  private static final Path PAGE = Path.of("..", "docs", "channels.md");
  private static final Path SOURCE =
      Path.of("src/main/java/dev/circulate/examples/ChannelPrograms.java");
  private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  @DisplayName("the page holds the programs as they are compiled")
  void sameText() throws IOException {
    List<String> shown =
        PROGRAM.matcher(Files.readString(PAGE)).results().map(found -> found.group(1)).toList();
    assertThat(shown).hasSize(7);
    String source = Files.readString(SOURCE).replaceAll("(?m)^  ", "");
    assertThat(shown).allSatisfy(program -> assertThat(source).contains(program));
  }

  @Test
  @DisplayName(
      "an alts takes what is there, gives up after its time, and says when there is no more")
  void alts() throws InterruptedException {
    Channel<Integer> orders = chan(1);
    Channel<String> stops = chan();
    assertThat(ChannelPrograms.next(orders, stops)).isEqualTo("nothing for 50 ms");
    orders.put(7);
    assertThat(ChannelPrograms.next(orders, stops)).isEqualTo("order 7");
    orders.close();
    assertThat(ChannelPrograms.next(orders, stops)).isEqualTo("no more");
  }

  @Test
  @DisplayName("a switch over an alts knows which operation it was")
  void choice() throws InterruptedException {
    Channel<Integer> orders = chan(1);
    Channel<String> log = chan(1);
    assertThat(ChannelPrograms.either(orders, log)).isEqualTo("put idle");
    orders.put(7);
    assertThat(ChannelPrograms.either(orders, log)).isEqualTo("took 7");
    orders.close();
    assertThat(ChannelPrograms.either(orders, log))
        .isEqualTo("operation 1 found its channel closed");
  }

  @Test
  @DisplayName("a scope, a pipeline, a mult and a pub give what the page says")
  void rest() throws InterruptedException {
    assertThat(ChannelPrograms.inParallel(List.of("milk", "tea"))).containsExactly(3, 4);
    assertThat(ChannelPrograms.squares(5)).containsExactly(1, 4, 9, 16, 25);
    assertThat(ChannelPrograms.toAll(List.of("tick", "tock")))
        .containsExactly("tick tock", "newest: tock");
    assertThat(ChannelPrograms.byTopic(List.of("one", "three", "two")))
        .containsExactly("one", "two");
  }

  @Test
  @DisplayName("a connection of a program's own moves all, and ends as those of the library do")
  void ownConnection() throws InterruptedException {
    Channel<Integer> to = chan();
    ChannelPrograms.paced(Pipes.toChan(1, List.of(1, 2, 3)), to, Duration.ofMillis(1));
    assertThat(to.stream()).containsExactly(1, 2, 3);

    RuntimeException cause = new IllegalStateException("the well is dry");
    Channel<Integer> failed = chan();
    failed.close(cause);
    Channel<Integer> sink = chan();
    assertThat(ChannelPrograms.paced(failed, sink, Duration.ZERO).take()).isNull();
    assertThat(sink.closeCause()).isSameAs(cause);
  }

  @Test
  @DisplayName("it stops where it waits when nobody wants more, and gives back what it holds")
  void ownConnectionEnds() throws InterruptedException {
    Channel<Integer> from = chan(1);
    Channel<Integer> unwanted = chan();
    Channel<Void> waiting = ChannelPrograms.paced(from, unwanted, Duration.ZERO);
    unwanted.cancel();
    assertThat(waiting.take()).isNull();
    from.put(7);
    Channel<Integer> full = chan();
    Channel<Void> holding = ChannelPrograms.paced(from, full, Duration.ZERO);
    until("it waits to put", () -> full.waitingPutters() == 1);
    full.cancel();
    assertThat(holding.take()).isNull();
    assertThat(from.poll()).isEqualTo(7);
  }
}
