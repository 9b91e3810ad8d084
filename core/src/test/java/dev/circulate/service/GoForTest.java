package dev.circulate.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Csp;
import dev.circulate.GoFor;
import dev.circulate.WritePort;
import dev.circulate.contract.Until;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GoForTest {
  private final WritePort<Request> calculator = Service.of(new Calculator());

  private static WritePort<Object> replyOf(Channel<Request> service) throws InterruptedException {
    Request request = Objects.requireNonNull(service.take());
    return Objects.requireNonNull(request.replyTo());
  }

  @Test
  @DisplayName("GF-1 the requests of a parallel step run side by side")
  void parallel() throws Exception {
    Channel<Request> one = Csp.chan();
    Channel<Request> two = Csp.chan();
    Channel<Integer> sum =
        GoFor.of(
                g -> {
                  var a = g.ask("a", one, "get").begin(int.class);
                  var b = g.ask("b", two, "get").begin(int.class);
                  g.join();
                  return a.get() + b.get();
                })
            .start();
    // the second is asked before the first is answered, and answered before it
    WritePort<Object> first = replyOf(one);
    replyOf(two).put(Map.of("answer", 2));
    first.put(Map.of("answer", 1));
    assertThat(sum.take()).isEqualTo(3);
  }

  @Test
  @DisplayName("GF-1 a variable of a parallel step can be had before the step is joined")
  void getBeforeJoin() throws Exception {
    Channel<Integer> sum =
        GoFor.of(
                g -> {
                  var a = g.ask("a", calculator, "get-42").begin(int.class);
                  var b = g.ask("b", calculator, "get-42").begin(int.class);
                  int early = a.get();
                  g.join();
                  return early + b.get();
                })
            .start();
    assertThat(sum.take()).isEqualTo(84);
  }

  @Test
  @DisplayName("GF-2 a late answer is dropped and harms nothing")
  void lateAnswer() throws Exception {
    Channel<Request> silent = Csp.chan(1);
    Channel<String> result =
        GoFor.of(g -> g.ask("x", silent, "get").within(Duration.ofMillis(10)).as(String.class))
            .onError((error, variable) -> variable + " " + error.code().id())
            .start();
    assertThat(result.take()).isEqualTo("x timeout");
    assertThat(replyOf(silent).offer(Map.of("answer", "late"))).isFalse();
  }

  @Test
  @DisplayName("GF-3 the first failure of a parallel step ends it, though another is still awaited")
  void firstFailure() throws Exception {
    Channel<Request> silent = Csp.chan();
    Channel<String> result =
        GoFor.<String>of(
                g -> {
                  g.ask("slow", silent, "get").begin(int.class);
                  g.ask("wrong", calculator, "nope").begin(int.class);
                  g.join();
                  return "joined";
                })
            .onError((error, variable) -> variable + " " + error.code().id())
            .start();
    assertThat(result.take()).isEqualTo("wrong unknown-command");
    Until.until("the slow one is withdrawn", () -> silent.waitingPutters() == 0);
  }

  @Test
  @DisplayName("GF-3 a parallel step that times out names all that are missing")
  void parallelTimeout() throws Exception {
    Channel<Request> silent = Csp.chan(2);
    Channel<String> result =
        GoFor.<String>of(
                g -> {
                  g.ask("a", silent, "get").begin(int.class);
                  g.ask("b", calculator, "get-42").begin(int.class);
                  g.ask("c", silent, "get").begin(int.class);
                  g.join(Duration.ofMillis(50));
                  return "joined";
                })
            .onError((error, variable) -> variable + " " + error.code().id())
            .start();
    assertThat(result.take()).isEqualTo("a, c timeout");
    assertThat(replyOf(silent).isClosed()).isTrue();
    assertThat(replyOf(silent).isClosed()).isTrue();
  }

  @Test
  @DisplayName("GF-3 a timeout says that the service did not even accept the request")
  void notAccepted() throws Exception {
    Channel<Request> nobody = Csp.chan();
    Channel<String> result =
        GoFor.of(g -> g.ask("x", nobody, "get").within(Duration.ofMillis(10)).as(String.class))
            .onError((error, _) -> error.message())
            .start();
    assertThat(result.take())
        .isEqualTo(
            "'get' was not answered within PT0.01S: the service's channel did not accept the"
                + " request");
    assertThat(nobody.waitingPutters()).isZero();
  }

  @Test
  @DisplayName("GF-3 without an error arm the failure closes the result channel")
  void noErrorArm() {
    Channel<Integer> result = GoFor.of(g -> g.ask("x", calculator, "nope").as(int.class)).start();
    assertThatThrownBy(result::take)
        .isInstanceOf(ChannelFailedException.class)
        .hasCauseInstanceOf(CallException.class);
  }

  @Test
  @DisplayName(
      "GF-3 what the body itself throws is no failure of a step, and closes the result channel")
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
    Channel<Request> silent = Csp.chan(1);
    Channel<String> result =
        GoFor.of(g -> g.ask("x", silent, "get").as(String.class))
            .within(Duration.ofMillis(20))
            .onError((error, variable) -> variable + " " + error.code().id())
            .start();
    assertThat(result.take()).isEqualTo("x deadline-exceeded");
  }

  @Test
  @DisplayName("GF-5 cancelling the result interrupts the body, and closes its reply channels")
  void cancel() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    Channel<Request> silent = Csp.chan();
    Channel<String> result =
        GoFor.of(
                g -> {
                  try {
                    return g.ask("x", silent, "get").as(String.class);
                  } finally {
                    ended.countDown();
                  }
                })
            .start();
    WritePort<Object> reply = replyOf(silent);
    result.cancel();
    ended.await();
    assertThat(reply.isClosed()).isTrue();
  }

  @Test
  @DisplayName("GF-5 requests that the body began and did not wait for are given up")
  void abandoned() throws Exception {
    Channel<Request> silent = Csp.chan(1);
    Channel<List<Integer>> result =
        GoFor.of(
                g -> {
                  g.ask("x", silent, "get").begin(int.class);
                  return List.<Integer>of();
                })
            .start();
    assertThat(result.take()).isEmpty();
    assertThat(replyOf(silent).isClosed()).isTrue();
  }
}
