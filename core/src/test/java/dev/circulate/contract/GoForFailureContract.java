package dev.circulate.contract;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Csp;
import dev.circulate.Deadline;
import dev.circulate.GoFor;
import dev.circulate.WritePort;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Origin;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a GoFor promises when a step fails, whomever it asks. */
@Timeout(120)
public abstract class GoForFailureContract extends GoForCallees {
  protected GoForFailureContract(Reach reach) {
    super(reach);
  }

  // ---- GF-3

  @Test
  @DisplayName("GF-3 the first failure of a parallel step ends it, though another is still awaited")
  void firstFailure() throws Exception {
    Channel<String> result =
        GoFor.<String>of(
                g -> {
                  g.ask("slow", byHand, "get").begin(int.class);
                  g.ask("wrong", sums, "nope").begin(int.class);
                  g.join();
                  return "joined";
                })
            .onError(GoForCallees::named)
            .start();
    assertThat(result.take()).isEqualTo("wrong unknown-command");
    untilClosed(nextReply());
  }

  @Test
  @DisplayName("GF-3 a parallel step that times out names all that are missing")
  void parallelTimeout() throws Exception {
    Channel<String> result =
        GoFor.<String>of(
                g -> {
                  var quick = g.ask("b", sums, "get-42").begin(int.class);
                  quick.get();
                  g.ask("a", byHand, "get").begin(int.class);
                  g.ask("c", byHand, "get").begin(int.class);
                  g.join(SHORT);
                  return "joined";
                })
            .onError(GoForCallees::named)
            .start();
    assertThat(result.take()).isEqualTo("a, c timeout");
    untilClosed(nextReply());
    untilClosed(nextReply());
  }

  @Test
  @DisplayName("GF-3 GF-5 a failure gives up what else was begun, before the error arm runs")
  void givenUpFirst() throws Exception {
    CountDownLatch armMayEnd = new CountDownLatch(1);
    Channel<String> result =
        GoFor.<String>of(
                g -> {
                  g.ask("begun", byHand, "get").begin(int.class);
                  return g.ask("failing", sums, "fail").as(String.class);
                })
            .onError(
                (error, variable) -> {
                  armMayEnd.await();
                  return named(error, variable) + ": " + error.message();
                })
            .start();
    untilClosed(nextReply());
    armMayEnd.countDown();
    assertThat(result.take()).isEqualTo("failing failed: out of numbers");
  }

  @Test
  @DisplayName("GF-3 errors are a closed family: a switch without a default exhausts it")
  void errors() throws Exception {
    WritePort<Request> root = reach.to(Root.named("root").port());
    assertThat(failureOf("get-service", root)).isEqualTo("invalid argument");
    assertThat(failureOf("nope", root)).isEqualTo("unknown command");
    assertThat(failureOf("plus-one", sums)).isEqualTo("invalid argument");
    assertThat(failureOf("fail", sums)).isEqualTo("java.lang.IllegalStateException");
  }

  private static String failureOf(String command, WritePort<Request> service) throws Exception {
    return Objects.requireNonNull(
        GoFor.of(g -> g.ask("x", service, command).as(String.class))
            .onError((error, _) -> whatItIs(error))
            .start()
            .take());
  }

  private static String whatItIs(CallError error) {
    return switch (error) {
      case CallError.Timeout late -> "late by " + late.after();
      case CallError.DeadlineExceeded _ -> "deadline";
      case CallError.Cancelled _ -> "cancelled";
      case CallError.UnknownService _ -> "unknown service";
      case CallError.UnknownCommand _ -> "unknown command";
      case CallError.InvalidArgument _ -> "invalid argument";
      case CallError.Refused _ -> "refused";
      case CallError.Unauthenticated _ -> "unauthenticated";
      case CallError.Overloaded _ -> "overloaded";
      case CallError.PeerLost lost -> "lost " + lost.peer();
      case CallError.Failed failed -> failed.type();
      case CallError.Internal _ -> "internal";
    };
  }

  @Test
  @DisplayName("GF-3 what a step's own code throws is that step's failure")
  void codeFails() throws Exception {
    Sums.Client client = Service.client(sums, Sums.Client.class);
    Channel<Integer> inner = GoFor.of(g -> g.ask("i", sums, "nope").as(int.class)).start();
    for (GoFor.Body<String> body :
        List.<GoFor.Body<String>>of(
            g -> g.call("x", inner::take).toString(), // another comprehension's failure
            g -> g.call("x", () -> Service.client(sums, Wrong.class).nope()).toString())) {
      assertThat(GoFor.of(body).onError(GoForCallees::named).start().take())
          .isEqualTo("x unknown-command");
    }
    Channel<String> own =
        GoFor.of(
                g ->
                    g.<String>call(
                        "x",
                        () -> {
                          client.get42();
                          throw new IllegalStateException("own");
                        }))
            .onError((error, variable) -> named(error, variable) + ": " + error.message())
            .start();
    assertThat(own.take()).isEqualTo("x failed: own");
  }

  private interface Wrong {
    int nope();
  }

  @Test
  @DisplayName("GF-3 a call that was no step has no variable, whatever step has failed before")
  void noStep() throws Exception {
    Channel<String> result =
        GoFor.<String>of(
                g -> {
                  try {
                    g.ask("x", sums, "nope").done();
                  } catch (CallException e) {
                    Request.to(sums, "fail").done();
                  }
                  return "answered";
                })
            .onError(GoForCallees::named)
            .start();
    assertThat(result.take()).isEqualTo(" failed");
  }

  @Test
  @DisplayName("GF-3 without an error arm the failure closes the result channel")
  void noErrorArm() {
    Channel<Integer> result = GoFor.of(g -> g.ask("x", sums, "nope").as(int.class)).start();
    assertThatThrownBy(result::take)
        .isInstanceOf(ChannelFailedException.class)
        .hasCauseInstanceOf(CallException.class);
  }

  @Test
  @DisplayName("GF-3 what the body itself throws is no step's failure, and closes the result")
  void bodyThrows() {
    Channel<Integer> result =
        GoFor.<Integer>of(
                _ -> {
                  throw new IllegalStateException("own");
                })
            .onError((_, _) -> -1)
            .start();
    assertThatThrownBy(result::take).hasRootCauseMessage("own");
  }

  @Test
  @DisplayName("GF-3 an overall deadline cuts a step off")
  void overallDeadline() throws Exception {
    Channel<String> result =
        GoFor.of(g -> g.ask("x", byHand, "get").as(String.class))
            .within(SHORT)
            .onError(GoForCallees::named)
            .start();
    assertThat(result.take()).isEqualTo("x deadline-exceeded");
    untilClosed(nextReply());
  }

  @Test
  @DisplayName("GF-3 the error arm can ask somebody else, though the time of the steps is over")
  void askedInstead() throws Exception {
    Channel<Integer> result =
        GoFor.of(g -> g.ask("x", byHand, "get").as(int.class))
            .within(SHORT)
            .onError((_, _) -> Request.to(byHand, "get").as(int.class))
            .start();
    untilClosed(nextReply());
    WritePort<Object> second = nextReply();
    assertThat(second.isClosed()).isFalse();
    assertThat(second.put(Map.of("answer", 42))).isTrue();
    assertThat(result.take()).isEqualTo(42);
  }

  // ---- GF-4b

  private String messageOf(String command, WritePort<Request> service, Duration limit)
      throws InterruptedException {
    return Objects.requireNonNull(
        GoFor.of(g -> g.ask("x", service, command).within(limit).as(String.class))
            .onError((error, _) -> error.message())
            .start()
            .take());
  }

  @Test
  @DisplayName("GF-4b a timeout tells that the request was not even accepted")
  void notAccepted() throws Exception {
    Channel<Request> nobody = Csp.chan();
    WritePort<Request> far = reach.to(nobody.writePort());
    Channel<String> result =
        GoFor.of(
                g -> {
                  for (int i = 0; i < 64; i++) { // a window full, if there is one
                    g.ask("before", far, "get").begin(int.class);
                  }
                  return g.ask("x", far, "get").within(SHORT).as(String.class);
                })
            .onError((error, _) -> error.message())
            .start();
    assertThat(result.take())
        .startsWith("'get' was not answered within PT0.02S: ")
        .containsPattern(
            reach.isLocal()
                ? "\\d+ ms waiting for the service's channel$"
                : "\\d+ ms waiting for the window to .+");
    if (reach.isLocal()) {
      assertThat(nobody.waitingPutters()).isZero(); // all are withdrawn
    }
    // what was sent before it was given up is taken and finds its caller gone
    until("nobody waits", () -> nobody.poll() == null && nobody.waitingPutters() == 0);
  }

  @Test
  @DisplayName("GF-4b a timeout tells that the request was accepted, and not what then")
  void accepted() throws Exception {
    assertThat(messageOf("get", byHand, SHORT))
        .containsPattern(
            reach.isLocal()
                ? "\\d+ ms in the queue or in the service's hands$"
                : "\\d+ ms since it was sent to .+");
    untilClosed(nextReply());
  }

  @Test
  @DisplayName("GF-4b a timeout tells that the method did not end")
  void inTheMethod() throws Exception {
    assertThat(messageOf("stay", sums, Duration.ofMillis(200)))
        .containsPattern(
            reach.isLocal()
                ? "\\d+ ms in the queue, \\d+ ms in the method$"
                : "\\d+ ms since it was sent to .+");
    target.interrupted.await();
    target.mayEnd.countDown();
  }

  @Test
  @DisplayName("GF-4b what the service knows of where the time went comes with its error")
  void farWord() throws Exception {
    Channel<String> result =
        GoFor.of(g -> g.ask("x", sums, "hang").as(String.class))
            .within(Duration.ofMillis(300))
            .onError(GoForCallees::named)
            .start();
    assertThat(result.take()).isEqualTo("x deadline-exceeded");
    Channel<Object> reply = Csp.chan(1);
    Deadline soon = Deadline.after(SHORT);
    Service.of(target).put(Request.received(hang(reply), new Origin.Remote("far", null), soon));
    Map<?, ?> answer = (Map<?, ?>) Objects.requireNonNull(reply.take());
    assertThat(CallError.fromData(answer.get("error")).message())
        .containsPattern("^the deadline passed .+: \\d+ ms in the queue, \\d+ ms in the method$");
  }

  private static Map<String, Object> hang(Channel<Object> reply) {
    return Map.of(Request.COMMAND, "hang", Request.RETURN, reply);
  }
}
