package dev.circulate.contract;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.ChannelBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Opens the channels of a test, and sees to it that the test leaves nothing behind in them. */
@Timeout(120)
abstract class ContractBase {
  /** What the undelivered hooks of the test's channels were given. */
  final List<Object> undelivered = new CopyOnWriteArrayList<>();

  private final Buffer buffer;
  private final Wiring wiring;
  private final List<Opened> opened = new ArrayList<>();

  private record Opened(Channel<?> channel, Ends<?> ends) {
    List<Channel<?>> all() {
      return List.of(channel, ends.putting(), ends.taking());
    }

    boolean hasWaiters() {
      return all().stream().anyMatch(each -> each.waitingTakers() + each.waitingPutters() > 0);
    }
  }

  ContractBase(Buffer buffer, Wiring wiring) {
    this.buffer = buffer;
    this.wiring = wiring;
  }

  /** Makes a channel of the kind under test. */
  final <T> Ends<T> open() {
    Channel<T> channel = make(Channel.<T>builder().buffer(buffer).onUndelivered(undelivered::add));
    Ends<T> ends = wiring.connect(channel);
    opened.add(new Opened(channel, ends));
    return ends;
  }

  /**
   * Opens a channel; who tests a kind that is more than its buffer says here what it has besides.
   */
  protected <T> Channel<T> make(ChannelBuilder<T> builder) {
    return builder.open();
  }

  /** How often to try what needs many tries: between address spaces each costs a hundred times. */
  static int tries(Ends<?> ends, int near) {
    return ends.slack() == 0 ? near : near / 5;
  }

  /** How many values a channel of the kind holds before a put waits or a value is lost. */
  final int capacity() {
    return switch (buffer) {
      case Buffer.Rendezvous() -> 0;
      case Buffer.Fixed(int capacity) -> capacity;
      case Buffer.Dropping(int capacity) -> capacity;
      case Buffer.Sliding(int capacity) -> capacity;
      case Buffer.Promise() -> 1;
      case Buffer.Unbounded() -> Integer.MAX_VALUE;
    };
  }

  @AfterEach
  final void nothingIsLeftOver() {
    for (Opened each : opened) {
      if (each.ends.slack() == 0) {
        assertThat(each.channel.waitingTakers()).as("takers left in %s", each.channel).isZero();
        assertThat(each.channel.waitingPutters()).as("putters left in %s", each.channel).isZero();
      } else {
        each.channel.cancel(); // what was on the way waits in the owner's channel
        until("nobody waits at any end of " + each.ends, () -> !each.hasWaiters());
      }
    }
  }

  static void untilTakersWait(Ends<?> ends, int number) {
    until(
        () -> number + " takers wait, and there are " + ends.taking().waitingTakers(),
        () -> ends.taking().waitingTakers() == number);
  }

  static void untilPuttersWait(Ends<?> ends, int number) {
    until(
        () -> number + " putters wait, and there are " + ends.putting().waitingPutters(),
        () -> ends.putting().waitingPutters() == number);
  }

  /**
   * Whether an interrupt is pending in the calling thread once {@code sent} says that it was sent.
   */
  static boolean isInterruptedOnce(CountDownLatch sent) {
    try {
      sent.await();
    } catch (InterruptedException e) {
      return true;
    }
    return Thread.interrupted();
  }

  /** Takes until the channel has ended. */
  static <T> List<T> takeAll(Ends<T> ends) throws InterruptedException {
    List<T> taken = new ArrayList<>();
    for (T value = ends.taking().take(); value != null; value = ends.taking().take()) {
      taken.add(value);
    }
    return taken;
  }
}
