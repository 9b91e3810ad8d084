package dev.circulate.contract;

import static dev.circulate.contract.Until.until;
import static dev.circulate.service.TypeOf.channelOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Alts;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a GoFor promises, whomever it asks. After each test no reply channel is known to anybody.
 */
@Timeout(120)
public abstract class GoForContract {
  private static final Duration SHORT = Duration.ofMillis(20);

  private final Reach reach;
  private final Sums target = new Sums();
  private final WritePort<Request> sums;

  /** A service that answers when the test says so. */
  private final Channel<Request> manual = Csp.chan(2);

  private final WritePort<Request> byHand;

  protected GoForContract(Reach reach) {
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

  private WritePort<Object> nextReply() throws InterruptedException {
    return Objects.requireNonNull(Objects.requireNonNull(manual.take()).replyTo());
  }

  private static void untilClosed(WritePort<Object> reply) {
    until("the reply channel is closed", reply::isClosed);
  }

  private static String named(CallError error, String variable) {
    return variable + " " + error.code().id();
  }

  // ---- GF-1

  @Test
  @DisplayName("GF-1 a step is asked when the one before is answered, and gets its value")
  void sequence() throws Exception {
    Channel<Integer> sum =
        GoFor.of(
                g -> {
                  int b = 40;
                  int x = g.ask("x", byHand, "first").as(int.class);
                  return g.ask("y", byHand, "second").with("x", x + b).as(int.class);
                })
            .start();
    Request first = Objects.requireNonNull(manual.take());
    assertThat(first.command()).isEqualTo("first");
    assertThat(manual.poll()).isNull();
    Objects.requireNonNull(first.replyTo()).put(Map.of("answer", 2));
    Request second = Objects.requireNonNull(manual.take());
    assertThat(second.arguments().toString()).isEqualTo("{x=42}");
    Objects.requireNonNull(second.replyTo()).put(Map.of("answer", 7));
    assertThat(sum.take()).isEqualTo(7);
    assertThat(sum.take()).isNull();
  }

  @Test
  @DisplayName("GF-1 the requests of a parallel step run side by side")
  void parallel() throws Exception {
    Channel<Integer> sum =
        GoFor.of(
                g -> {
                  var a = g.ask("a", byHand, "get").begin(int.class);
                  var b = g.ask("b", byHand, "get").begin(int.class);
                  g.join();
                  return a.get() * 10 + b.get();
                })
            .start();
    // the second is asked before the first is answered, and answered before it
    WritePort<Object> first = nextReply();
    nextReply().put(Map.of("answer", 2));
    first.put(Map.of("answer", 1));
    assertThat(sum.take()).isEqualTo(12);
  }

  @Test
  @DisplayName("GF-1 a variable of a parallel step can be had before the step is joined")
  void getBeforeJoin() throws Exception {
    Channel<Integer> sum =
        GoFor.of(
                g -> {
                  var a = g.ask("a", sums, "get-42").begin(int.class);
                  var b = g.ask("b", sums, "get-42").begin(int.class);
                  int early = a.get();
                  g.join();
                  return early + b.get();
                })
            .start();
    assertThat(sum.take()).isEqualTo(84);
  }

  @Test
  @DisplayName("GF-1 GF-4 calls of a typed client are steps, one after the other and side by side")
  void typedClient() throws Exception {
    Sums.Client client = Service.client(sums, Sums.Client.class);
    Channel<Integer> sum =
        GoFor.of(
                g -> {
                  int x = g.call("x", client::get42);
                  var y = g.begin("y", () -> client.plusOne(x));
                  var z = g.ask("z", sums, "plus-one").with("x", 6).begin(int.class);
                  g.join();
                  return y.get() * z.get();
                })
            .start();
    assertThat(sum.take()).isEqualTo(43 * 7);
  }

  // ---- GF-2

  @Test
  @DisplayName("GF-2 a step that is not answered within its time fails with a timeout that says so")
  void timeout() throws Exception {
    AtomicReference<CallError> seen = new AtomicReference<>();
    Channel<String> result =
        GoFor.of(g -> g.ask("x", byHand, "get").within(SHORT).as(String.class))
            .onError(
                (error, variable) -> {
                  seen.set(error);
                  return named(error, variable);
                })
            .start();
    assertThat(result.take()).isEqualTo("x timeout");
    assertThat(seen.get())
        .isInstanceOfSatisfying(
            CallError.Timeout.class, error -> assertThat(error.after()).isEqualTo(SHORT));
    untilClosed(nextReply());
  }

  @Test
  @DisplayName("GF-2 a late answer is dropped, and is not taken for another step's")
  void lateAnswer() throws Exception {
    Channel<String> result =
        GoFor.of(
                g -> {
                  try {
                    g.ask("x", byHand, "get").within(SHORT).done();
                  } catch (CallException late) {
                    // a program may go on without it
                  }
                  return g.ask("y", byHand, "get").as(String.class);
                })
            .start();
    WritePort<Object> late = nextReply();
    WritePort<Object> next = nextReply();
    late.offer(Map.of("answer", "late"));
    next.put(Map.of("answer", "in time"));
    assertThat(result.take()).isEqualTo("in time");
    untilClosed(late);
    assertThat(late.offer(Map.of("answer", "later still"))).isFalse();
  }

  @Test
  @DisplayName("GF-2 a request of a parallel step can have less time than the step")
  void ownLimit() throws Exception {
    Channel<String> result =
        GoFor.<String>of(
                g -> {
                  g.ask("slow", byHand, "get").begin(int.class);
                  g.ask("hasty", byHand, "get").within(SHORT).begin(int.class);
                  g.join();
                  return "joined";
                })
            .onError(GoForContract::named)
            .start();
    assertThat(result.take()).isEqualTo("hasty timeout");
    untilClosed(nextReply());
    untilClosed(nextReply());
  }

  @Test
  @DisplayName("GF-2 a step of a program's own code is interrupted when its time is over")
  void codeTimesOut() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    Channel<String> result =
        GoFor.of(
                g ->
                    g.call(
                        "x",
                        SHORT,
                        () -> {
                          try {
                            return Csp.<String>chan().take();
                          } finally {
                            interrupted.countDown();
                          }
                        }))
            .onError(GoForContract::named)
            .start();
    assertThat(result.take()).isEqualTo("x timeout");
    interrupted.await();
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
            .onError(GoForContract::named)
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
            .onError(GoForContract::named)
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
      assertThat(GoFor.of(body).onError(GoForContract::named).start().take())
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
            .onError(GoForContract::named)
            .start();
    assertThat(result.take()).isEqualTo("x deadline-exceeded");
    untilClosed(nextReply());
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
    assertThat(messageOf("hang", sums, Duration.ofMillis(200)))
        .containsPattern(
            reach.isLocal()
                ? "\\d+ ms in the queue, \\d+ ms in the method$"
                : "\\d+ ms since it was sent to .+");
    target.interrupted.await();
  }

  @Test
  @DisplayName("GF-4b what the service knows of where the time went comes with its error")
  void farWord() throws Exception {
    Channel<String> result =
        GoFor.of(g -> g.ask("x", sums, "hang").as(String.class))
            .within(Duration.ofMillis(300))
            .onError(GoForContract::named)
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

  // ---- GF-5

  @Test
  @DisplayName("GF-5 the reply channel is closed when its step has its answer, whatever that is")
  void answered() throws Exception {
    for (Object answer :
        List.of(
            Map.of("answer", 7),
            Map.of("error", new CallError.Refused("not now").toData()),
            Map.of("neither", 7),
            "no map at all",
            Map.of("answer", "no number"))) {
      Channel<Integer> result =
          GoFor.of(g -> g.ask("x", byHand, "get").as(int.class)).onError((_, _) -> -1).start();
      WritePort<Object> reply = nextReply();
      assertThat(reply.isClosed()).isFalse();
      assertThat(reply.put(answer)).isTrue();
      assertThat(result.take()).isEqualTo(answer.equals(Map.of("answer", 7)) ? 7 : -1);
      untilClosed(reply);
    }
  }

  @Test
  @DisplayName("GF-5 closing or cancelling the result interrupts the body and the service")
  void cancel() throws Exception {
    for (Consumer<Channel<?>> end :
        List.<Consumer<Channel<?>>>of(Channel::cancel, Channel::close)) {
      cancelled(g -> g.ask("x", byHand, "get").as(String.class), end);
      cancelled(
          g -> {
            g.ask("x", byHand, "get").begin(String.class);
            g.join();
            return "joined";
          },
          end);
    }
  }

  private void cancelled(GoFor.Body<String> body, Consumer<Channel<?>> end) throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    AtomicBoolean armed = new AtomicBoolean();
    Channel<String> result =
        GoFor.of(
                g -> {
                  try {
                    return body.run(g);
                  } finally {
                    ended.countDown();
                  }
                })
            .onError(
                (_, _) -> {
                  armed.set(true);
                  return "armed";
                })
            .start();
    WritePort<Object> reply = nextReply();
    end.accept(result);
    ended.await();
    untilClosed(reply);
    assertThat(result.take()).isNull();
    assertThat(armed).isFalse();
  }

  @Test
  @DisplayName("GF-5 cancelling reaches the method through a typed client; no error arm is called")
  void cancelTypedClient() throws Exception {
    Sums.Client client = Service.client(sums, Sums.Client.class);
    CountDownLatch ended = new CountDownLatch(1);
    AtomicReference<CallError> armed = new AtomicReference<>();
    Channel<Integer> result =
        GoFor.of(
                g -> {
                  try {
                    return client.hang();
                  } finally {
                    ended.countDown();
                  }
                })
            .onError(
                (error, _) -> {
                  armed.set(error);
                  return -1;
                })
            .start();
    target.hanging.await();
    result.cancel();
    target.interrupted.await();
    ended.await();
    reach.awaitNoReplyChannels();
    assertThat(armed).hasNullValue();
  }

  @Test
  @DisplayName("GF-5 requests that the body began and did not wait for are given up")
  void abandoned() throws Exception {
    Channel<List<Integer>> result =
        GoFor.of(
                g -> {
                  g.ask("x", byHand, "get").begin(int.class);
                  return List.<Integer>of();
                })
            .start();
    assertThat(result.take()).isEmpty();
    untilClosed(nextReply());
  }

  @Test
  @DisplayName("GF-5 a thousand comprehensions, answered, failed and late, leave nothing behind")
  void manyTimes() throws Exception {
    int late = 0;
    for (int i = 0; i < 1000; i++) {
      String command = List.of("get-42", "nope", "hang").get(i % 3);
      Duration limit = command.equals("hang") ? Duration.ofMillis(1) : Duration.ofSeconds(30);
      Integer got =
          GoFor.of(g -> g.ask("x", sums, command).within(limit).as(int.class))
              .onError((error, _) -> error instanceof CallError.Timeout ? -2 : -1)
              .start()
              .take();
      late += Objects.requireNonNull(got) == -2 ? 1 : 0;
    }
    assertThat(late).isEqualTo(333);
  }

  // ---- the result

  @Test
  @DisplayName("GF-1 the result is a channel like any other: it can stand in an alts")
  void resultInAlts() throws Exception {
    Channel<Integer> never = Csp.chan();
    Channel<Integer> result = GoFor.of(g -> g.ask("x", sums, "get-42").as(int.class)).start();
    assertThat(
            Alts.<Integer>first().take(never, n -> n).take(result, n -> n + 1).await().intValue())
        .isEqualTo(43);
  }

  @Test
  @DisplayName("GF-1 an answer that is a channel outlives the comprehension that asked for it")
  void channelAsResult() throws Exception {
    Channel<Channel<Integer>> result =
        GoFor.of(g -> g.ask("n", sums, "count").with("to", 3).as(channelOf(Integer.class))).start();
    Channel<Integer> numbers = Objects.requireNonNull(result.take());
    assertThat(List.of(numbers.take(), numbers.take(), numbers.take()).toString())
        .isEqualTo("[1, 2, 3]");
    assertThat(numbers.take()).isNull();
  }
}
