package dev.circulate;

import static dev.circulate.Csp.chan;
import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pipes that begin when an end has ended already, and what is left of those that have ended. */
@Timeout(60)
class EndedPipesTest {
  private final RuntimeException cause = new IllegalStateException("nobody wants it");

  @Test
  @DisplayName("CH-8b what moves values into a channel that is closed already ends at once")
  void closedBefore() throws Exception {
    Channel<Integer> to = chan();
    to.cancel(cause);
    Channel<Integer> piped = chan();
    assertThat(fork(Pipes.pipe(piped, to)::take).join()).isNull();
    assertThat(piped.closeCause()).isSameAs(cause);
    Channel<Integer> worked = chan();
    assertThat(
            fork(Pipeline.unordered(1, worked, to, Pipeline.OnFailure.stop(), n -> n)::take).join())
        .isNull();
    assertThat(worked.closeCause()).isSameAs(cause);
    Channel<Integer> given = chan();
    assertThat(fork(Pipes.ontoChan(to, given)::take).join()).isNull();
    assertThat(given.waitingTakers()).isZero();
  }

  @Test
  @DisplayName("CH-12 a channel keeps nothing of a pipe into it that has ended")
  void forgotten() throws Exception {
    Channel<Integer> to = chan(1);
    WeakReference<Thread> piping = pipeAndEnd(to);
    until(
        "it is collected",
        () -> {
          System.gc();
          return piping.get() == null;
        });
    assertThat(to.poll()).isEqualTo(1);
    assertThat(to.isClosed()).isFalse();
  }

  private static WeakReference<Thread> pipeAndEnd(Channel<Integer> to) throws InterruptedException {
    CompletableFuture<WeakReference<Thread>> piping = new CompletableFuture<>();
    Channel<Integer> source = chan();
    Channel<Void> end =
        Pipes.pipe(
            source,
            to.writePort(),
            Gathering.map(
                value -> {
                  piping.complete(new WeakReference<>(Thread.currentThread()));
                  return value;
                }));
    assertThat(source.put(1)).isTrue();
    source.close();
    assertThat(fork(end::take).join()).isNull();
    return piping.join();
  }
}
