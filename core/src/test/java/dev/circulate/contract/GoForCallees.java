package dev.circulate.contract;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.WritePort;
import dev.circulate.service.CallError;
import dev.circulate.service.Request;
import dev.circulate.service.Service;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Whom the laws of a GoFor are tried on. After each test no reply channel is known to anybody. */
@Timeout(120)
abstract class GoForCallees {
  static final Duration SHORT = Duration.ofMillis(20);

  final Reach reach;
  final Sums target = new Sums();
  final WritePort<Request> sums;

  /** A service that answers when the test says so. */
  final Channel<Request> manual = Csp.chan(2);

  final WritePort<Request> byHand;

  GoForCallees(Reach reach) {
    this.reach = reach;
    this.sums = reach.to(Service.of(target));
    this.byHand = reach.to(manual.writePort());
  }

  @AfterEach
  final void nothingIsLeftOver() {
    reach.awaitNoReplyChannels();
    assertThat(manual.waitingPutters()).isZero();
    reach.close();
  }

  final WritePort<Object> nextReply() throws InterruptedException {
    return Objects.requireNonNull(Objects.requireNonNull(manual.take()).replyTo());
  }

  static void untilClosed(WritePort<Object> reply) {
    until("the reply channel is closed", reply::isClosed);
  }

  static String named(CallError error, String variable) {
    return variable + " " + error.code().id();
  }
}
