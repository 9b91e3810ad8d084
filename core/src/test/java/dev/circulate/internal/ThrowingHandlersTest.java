package dev.circulate.internal;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Buffer;
import dev.circulate.Checked;
import dev.circulate.UncaughtHandler;
import dev.circulate.contract.Forked;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a handler throws harms neither whoever comes to it nor others who wait. */
class ThrowingHandlersTest {
  private final List<Throwable> told = new CopyOnWriteArrayList<>();
  private final UncaughtHandler before = Uncaught.install((_, failure) -> told.add(failure));
  private final Exception failure = new IOException("it is closed already");
  private final LocalChannel<Integer> channel =
      LocalChannel.open(new Buffer.Rendezvous(), null, null);

  @AfterEach
  void restore() {
    Uncaught.install(before);
  }

  /** Throws whatever it is told. */
  private final class Throwing implements TakeHandler<Integer>, PutHandler {
    @Override
    public void taken(Integer value) {
      Checked.thrown(failure);
    }

    @Override
    public void ended(@Nullable Throwable cause) {
      Checked.thrown(failure);
    }

    @Override
    public void accepted() {
      Checked.thrown(failure);
    }

    @Override
    public void refused() {
      Checked.thrown(failure);
    }
  }

  private Forked<@Nullable Integer> taker(int waiting) {
    Forked<@Nullable Integer> taker = fork(channel::take);
    until("it waits", () -> channel.waitingTakers() == waiting);
    return taker;
  }

  @Test
  @DisplayName("CH-7 CH-15 of those who wait to take one throws at the end: the others are told")
  void closed() throws InterruptedException {
    Forked<@Nullable Integer> first = taker(1);
    channel.takeAsync(new Throwing());
    Forked<@Nullable Integer> last = taker(3);
    channel.onEnd(() -> Checked.thrown(failure));
    channel.onClose(() -> Checked.thrown(failure));
    channel.onClose(() -> told.add(new IOException("the close")));
    channel.close();
    assertThat(first.join()).isNull();
    assertThat(last.join()).isNull();
    assertThat(told).hasSize(4).last().asString().endsWith("the close");
  }

  @Test
  @DisplayName("CH-1 CH-15 who meets a handler that throws has put, or taken, all the same")
  void met() {
    channel.takeAsync(new Throwing());
    assertThat(channel.offer(1)).isTrue();
    channel.putAsync(2, new Throwing());
    assertThat(channel.poll()).isEqualTo(2);
    assertThat(told).containsExactly(failure, failure);
  }
}
