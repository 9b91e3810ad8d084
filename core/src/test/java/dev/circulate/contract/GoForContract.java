package dev.circulate.contract;

import static dev.circulate.service.TypeOf.channelOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Alts;
import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.GoFor;
import dev.circulate.WritePort;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Request;
import dev.circulate.service.Service;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a GoFor promises of its steps, whomever it asks. */
@Timeout(120)
public abstract class GoForContract extends GoForCallees {
  protected GoForContract(Reach reach) {
    super(reach);
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
  @DisplayName("GF-1 a step that was put together and never asked is told")
  void neverAsked() throws Exception {
    Channel<Integer> sum =
        GoFor.of(
                g -> {
                  g.ask("x", sums, "plus-one").with("x", 1);
                  return g.ask("y", sums, "get-42").as(int.class);
                })
            .start();
    assertThatThrownBy(sum::take)
        .hasRootCauseInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage(
            "step 'x' was put together and not asked: end it with as, done or begin");
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

  @Test
  @DisplayName("GF-1 GF-3 a call of a typed client that answers nothing is a step as well")
  void typedClientWithoutAnswer() throws Exception {
    Sums.Client client = Service.client(sums, Sums.Client.class);
    Channel<String> result =
        GoFor.<String>of(
                g -> {
                  g.run("a", () -> client.note(1));
                  g.begin("b", () -> noted(client, 2));
                  g.join();
                  assertThat(target.noted).containsExactlyInAnyOrder(1, 2);
                  g.run("c", client::noSuchCommand);
                  return "done";
                })
            .onError(GoForCallees::named)
            .start();
    assertThat(result.take()).isEqualTo("c unknown-command");
  }

  private static @Nullable Void noted(Sums.Client client, int number) {
    client.note(number);
    return null;
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
            .onError(GoForCallees::named)
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
            .onError(GoForCallees::named)
            .start();
    assertThat(result.take()).isEqualTo("x timeout");
    interrupted.await();
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
