package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.go;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.GoFor;
import dev.circulate.WritePort;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an answer leaves behind that crosses, on the wire, the word that nobody waits for it. */
class LateAnswerTest {
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Peer.Held NOTHING = new Peer.Held(0, 0);

  /** The far side's root: its requests are answered when the test says so. */
  private final Channel<Request> manual = chan(2);

  private final Channel<String> toFar = chan();
  private final Channel<String> toNear = chan();
  private final CountDownLatch wordMayPass = new CountDownLatch(1);
  private final Peer far = Peer.buildTransport(manual.writePort(), held(toFar), toNear);
  private final Peer near = Peer.buildTransport(Root.named("near").port(), toNear, toFar);

  @AfterEach
  void close() {
    near.close();
    far.close();
  }

  /** The frames from the near side; what comes after the first request waits. */
  private Channel<String> held(Channel<String> from) {
    Channel<String> to = chan();
    go(
        () -> {
          for (String frame : from) {
            to.put(frame);
            if (frame.contains("~:forward")) {
              wordMayPass.await();
            }
          }
          to.close();
        });
    return to;
  }

  private WritePort<Object> nextReply() throws InterruptedException {
    return Objects.requireNonNull(Objects.requireNonNull(manual.take()).replyTo());
  }

  private void awaitEmptyTables() {
    Await.until(
        "empty tables",
        () -> {
          System.gc();
          return near.held().equals(NOTHING) && far.held().equals(NOTHING);
        },
        () -> "near " + near.held() + ", far " + far.held());
  }

  @Test
  @DisplayName("GF-2 GF-4b GF-5 a late answer leaves no trace on either side, nor what it carried")
  void crossing() throws InterruptedException {
    Channel<Object> carried = chan();
    Channel<String> timedOut =
        GoFor.of(g -> g.ask("x", near.root(), "get").within(SHORT).as(String.class))
            .onError((error, variable) -> variable + " " + error.code().id())
            .start();
    WritePort<Object> late = nextReply();
    assertThat(timedOut.take()).isEqualTo("x timeout");
    assertThat(late.isClosed()).isFalse(); // the word that nobody waits is still on its way
    assertThat(late.put(Map.of("answer", carried))).isTrue();
    wordMayPass.countDown();
    Channel<String> inTime = GoFor.of(g -> g.ask("y", near.root(), "get").as(String.class)).start();
    nextReply().put(Map.of("answer", "in time"));
    assertThat(inTime.take()).isEqualTo("in time");
    awaitEmptyTables();
    assertThat(carried.waitingTakers()).isZero();
    assertThat(carried.isClosed()).isFalse(); // it was let go of, not closed: it may be shared
    // and no call counts as under way: who leaves waits for none
    assertThat(near.leave(Duration.ZERO)).isTrue();
    assertThat(far.leave(Duration.ZERO)).isTrue();
  }
}
