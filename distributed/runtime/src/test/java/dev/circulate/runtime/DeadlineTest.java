package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Buffer;
import dev.circulate.Deadline;
import dev.circulate.WritePort;
import dev.circulate.internal.LocalChannel;
import dev.circulate.runtime.session.Message;
import dev.circulate.service.Origin;
import dev.circulate.service.Request;
import dev.circulate.testkit.TestTime;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SV-6: what is told of a request's deadline, and what is understood. */
class DeadlineTest {
  private final TestTime time = TestTime.install();
  private final LocalChannel<Object> given =
      LocalChannel.open(new Buffer.Rendezvous(), "given", null);

  @SuppressWarnings({"unchecked", "rawtypes"}) // its root takes whatever comes
  private final OneSide side = new OneSide(Limits.DEFAULTS, (WritePort) given, _ -> {});

  @AfterEach
  void close() {
    time.close();
  }

  private long told(Deadline deadline) {
    Map<String, Object> message = Map.of(Request.COMMAND, "x");
    Request request = Request.received(message, new Origin.Remote("caller", null), deadline);
    assertThat(side.conversation().remoteRoot().offer(request)).isTrue();
    return ((Message.Forward) side.said().getFirst()).deadline();
  }

  @ParameterizedTest(name = "SV-6 GF-4b of {0} ms {1} are told: the rest is for the way back")
  @CsvSource({"10000, 9949", "1000, 949", "100, 94", "1, 0", "0, 0"})
  void headroom(long millis, long told) {
    assertThat(told(Deadline.after(Duration.ofMillis(millis)))).isEqualTo(told);
  }

  @Test
  @DisplayName("SV-6 a deadline that has passed is told as one, and none as none")
  void passed() {
    Deadline deadline = Deadline.after(Duration.ofSeconds(1));
    time.advance(Duration.ofSeconds(2));
    assertThat(told(deadline)).isZero();
    assertThat(told(Deadline.none())).isEqualTo(-1);
  }

  private Deadline understood(long deadline) {
    side.hear(new Message.Forward("root", Map.of(Request.COMMAND, "x"), true, deadline, 0));
    return ((Request) Objects.requireNonNull(given.poll())).deadline();
  }

  @Test
  @DisplayName("SV-6 a deadline counts from its arrival: of no time it has passed, untold is none")
  void arrives() {
    assertThat(understood(0).hasPassed()).isTrue();
    assertThat(understood(-1).exists()).isFalse();
    Deadline deadline = understood(100);
    assertThat(deadline.remaining()).isEqualTo(Duration.ofMillis(100));
    time.advance(Duration.ofMillis(100));
    assertThat(deadline.hasPassed()).isTrue();
  }
}
