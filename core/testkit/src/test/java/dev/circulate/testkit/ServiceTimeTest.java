package dev.circulate.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.Deadline;
import dev.circulate.service.CallError;
import dev.circulate.service.Command;
import dev.circulate.service.Origin;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.Visibility;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** For how long services and roots wait for others, to the nanosecond. */
class ServiceTimeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Origin.Remote STRANGER = new Origin.Remote("stranger", null);

  static class One {
    @Command
    int one() {
      return 1;
    }
  }

  private static Request asked(String command, Channel<Object> reply) {
    return Request.received(
        Map.of(Request.COMMAND, command, Request.RETURN, reply), STRANGER, Deadline.none());
  }

  private static void patience(TestTime time, Channel<?> waitedFor) throws InterruptedException {
    time.advance(PATIENCE.minusNanos(1));
    assertThat(waitedFor.waitingPutters()).isEqualTo(1);
    time.advance(Duration.ofNanos(1));
    assertThat(waitedFor.waitingPutters()).isZero();
  }

  @Test
  @DisplayName("RT-1 a delegate is waited for 30 s if the caller waits for ever, which is told")
  void delegate() throws Exception {
    try (TestTime time = TestTime.install()) {
      Channel<Request> busy = Csp.chan();
      Root root = Root.named("a").delegate(busy);
      Channel<Object> reply = Csp.chan(1);
      assertThat(root.port().put(asked("woof", reply))).isTrue();
      patience(time, busy);
      Map<?, ?> answer = (Map<?, ?>) Objects.requireNonNull(reply.take());
      assertThat(CallError.fromData(answer.get("error")))
          .isInstanceOfSatisfying(
              CallError.Timeout.class, late -> assertThat(late.after()).isEqualTo(PATIENCE));
      time.assertNothingLeftOver();
    }
  }

  @Test
  @DisplayName("RT-4 a service that is busy for 30 s is not told any more that it was removed")
  void removed() throws Exception {
    try (TestTime time = TestTime.install()) {
      Channel<Request> busy = Csp.chan();
      Root root = Root.named("a").add("busy", busy, Visibility.PUBLIC);
      assertThat(root.remove("busy")).isTrue();
      patience(time, busy);
      time.assertNothingLeftOver();
    }
  }

  @Test
  @DisplayName("SV-4 an answer waits 30 s for room if its caller waits for ever")
  void answer() throws Exception {
    try (TestTime time = TestTime.install()) {
      Channel<Object> reply = Csp.chan();
      assertThat(Service.of(new One()).put(asked("one", reply))).isTrue();
      patience(time, reply);
      time.assertNothingLeftOver();
    }
  }
}
