package dev.circulate.service;

import static dev.circulate.service.TypeOf.channelOf;
import static dev.circulate.service.TypeOf.mapOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Csp;
import dev.circulate.WritePort;
import dev.circulate.contract.Until;
import dev.circulate.service.Everything.Item;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A command that answers many values, one after the other. */
public abstract class StreamContract extends ServiceContractBase {
  static class Streams {
    final AtomicInteger made = new AtomicInteger();
    final CountDownLatch closed = new CountDownLatch(1);
    final CountDownLatch interrupted = new CountDownLatch(1);
    final Channel<String> never = Csp.chan();

    @Command
    Stream<Integer> upTo(int most) {
      return IntStream.range(0, most).boxed();
    }

    @Command
    IntStream ints(int most) {
      return IntStream.range(0, most);
    }

    @Command
    Iterator<Item> items() {
      return List.of(new Item("hat", 1, List.of()), new Item("scarf", 2, List.of())).iterator();
    }

    @Command
    Channel<String> channel() throws InterruptedException {
      Channel<String> names = Csp.chan(2);
      names.put("a");
      names.put("b");
      names.close();
      return names;
    }

    @Command
    Stream<Integer> endless() {
      return Stream.generate(made::incrementAndGet).onClose(closed::countDown);
    }

    @Command
    Stream<Integer> few() {
      return Stream.of(1, 2).onClose(closed::countDown);
    }

    @Command
    Stream<Integer> breaks() {
      return Stream.of(1, 2, 0).map(x -> 2 / x);
    }

    @Command
    Stream<Integer> spent() {
      Stream<Integer> spent = Stream.of(1).onClose(closed::countDown);
      spent.forEach(_ -> {});
      return spent;
    }

    @Command
    Stream<String> silent() {
      return Stream.generate(
              () -> {
                try {
                  return String.valueOf(never.take());
                } catch (InterruptedException e) {
                  interrupted.countDown();
                  throw new IllegalStateException(e);
                }
              })
          .onClose(closed::countDown);
    }

    @Command(timeout = "PT10S")
    Stream<Boolean> deadlines() {
      return Stream.of(1).map(_ -> dev.circulate.Deadline.current().exists());
    }
  }

  interface Client {
    Stream<Integer> upTo(int most);

    Iterator<Item> items();

    Stream<Integer> endless();

    IntStream ints(int most);
  }

  interface Longs {
    LongStream ints(int most);
  }

  interface Doubles {
    DoubleStream endless();
  }

  private final Streams streams = new Streams();
  private final WritePort<Request> streaming;

  /** The contract of services that are reached so. */
  protected StreamContract(Reach reach) {
    super(reach);
    streaming = reached(reach, Service.of(streams));
  }

  private Channel<Integer> endless() throws InterruptedException {
    return Request.to(streaming, "endless").as(channelOf(Integer.class));
  }

  @Test
  @DisplayName("a stream, an iterator and a channel are a channel for the caller")
  void values() throws Exception {
    Channel<Integer> numbers =
        Request.to(streaming, "up-to").with("most", 100).as(channelOf(Integer.class));
    assertThat(numbers).containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
    assertThat(Request.to(streaming, "ints").with("most", 3).as(channelOf(Long.class)))
        .containsExactly(0L, 1L, 2L);
    assertThat(Request.to(streaming, "items").as(channelOf(Item.class)))
        .extracting(Item::name)
        .containsExactly("hat", "scarf");
    assertThat(Request.to(streaming, "channel").as(channelOf(String.class)))
        .containsExactly("a", "b");
    assertThat(Request.to(streaming, "up-to").with("most", 0).as(channelOf(Integer.class)))
        .isEmpty();
  }

  @Test
  @DisplayName("SV-5 a typed client has the stream, which ends it by closing")
  void typedClient() throws Exception {
    Client client = Service.client(streaming, Client.class);
    try (Stream<Integer> numbers = client.upTo(10)) {
      assertThat(numbers.mapToInt(x -> x).sum()).isEqualTo(45);
    }
    assertThat(client.items().next()).isEqualTo(new Item("hat", 1, List.of()));
    try (Stream<Integer> numbers = client.endless()) {
      assertThat(numbers.limit(3)).containsExactly(1, 2, 3);
    }
    streams.closed.await();
  }

  @Test
  @DisplayName("SV-5 a typed client has a stream of numbers as one, which ends it by closing")
  void typedNumbers() throws Exception {
    try (IntStream numbers = Service.clientBuilder(streaming, Client.class).openChecked().ints(4)) {
      assertThat(numbers.sum()).isEqualTo(6);
    }
    try (LongStream numbers = Service.client(streaming, Longs.class).ints(4)) {
      assertThat(numbers.sum()).isEqualTo(6);
    }
    try (DoubleStream numbers = Service.client(streaming, Doubles.class).endless()) {
      assertThat(numbers.limit(2).sum()).isEqualTo(3);
    }
    streams.closed.await();
  }

  @Test
  @DisplayName("the next value is made when the last was taken")
  void backpressure() throws Exception {
    Channel<Integer> numbers = endless();
    assertThat(numbers.take()).isEqualTo(1);
    assertThat(numbers.take()).isEqualTo(2);
    Until.until("one value is made ahead", () -> streams.made.get() == 3);
    assertThat(Request.to(streaming, "_ping").as(String.class)).isEqualTo("pong");
    assertThat(streams.made).hasValue(3);
    numbers.cancel();
    streams.closed.await();
  }

  @Test
  @DisplayName("what a stream throws is why its channel closes, after the values before")
  void cause() throws Exception {
    Channel<Integer> numbers = Request.to(streaming, "breaks").as(channelOf(Integer.class));
    assertThat(numbers.take()).isEqualTo(2);
    assertThat(numbers.take()).isEqualTo(1);
    assertThatThrownBy(numbers::take)
        .isInstanceOf(ChannelFailedException.class)
        .hasMessageContaining("java.lang.ArithmeticException: / by zero");
  }

  @Test
  @DisplayName("SV-4 SV-7 a stream that nobody can iterate is an error, counted as one, and closed")
  void spent() throws Exception {
    assertThat(errorOf(() -> Request.to(streaming, "spent").done()))
        .isInstanceOfSatisfying(
            CallError.Failed.class,
            failed -> assertThat(failed.type()).isEqualTo("java.lang.IllegalStateException"));
    streams.closed.await();
    assertThat(Request.to(streaming, "_stats").as(mapOf(Double.class)))
        .containsEntry("errors", 1.0);
  }

  @Test
  @DisplayName("a stream of which all was taken is closed")
  void ended() throws Exception {
    assertThat(Request.to(streaming, "few").as(channelOf(Integer.class))).containsExactly(1, 2);
    streams.closed.await();
  }

  @Test
  @DisplayName("a caller that cancels the channel interrupts and closes the stream")
  void cancelled() throws Exception {
    Channel<String> silence = Request.to(streaming, "silent").as(channelOf(String.class));
    assertThat(silence.poll()).isNull();
    silence.cancel();
    streams.interrupted.await();
    streams.closed.await();
  }

  @Test
  @DisplayName("a caller that closes the channel ends the stream as well")
  void closed() throws Exception {
    Channel<Integer> numbers = endless();
    assertThat(numbers.take()).isEqualTo(1);
    numbers.close();
    streams.closed.await();
  }

  @Test
  @DisplayName("DI-6 a channel that nobody holds any more ends its stream")
  void forgotten() throws Exception {
    takeOne();
    Until.until(
        "the stream is closed",
        () -> {
          System.gc();
          return streams.closed.getCount() == 0;
        });
  }

  private void takeOne() throws InterruptedException {
    assertThat(endless().take()).isEqualTo(1);
  }

  @Test
  @DisplayName("a deadline is for the channel, not for what flows through it")
  void deadline() throws Exception {
    assertThat(
            Request.to(streaming, "deadlines")
                .within(Duration.ofSeconds(20))
                .as(channelOf(Boolean.class)))
        .containsExactly(false);
  }

  @Test
  @DisplayName("a stream that flows is under way: it counts against the limit")
  void limit() throws Exception {
    WritePort<Request> small = reach(Service.builder(streams).limit(1).open());
    Channel<Integer> numbers = Request.to(small, "endless").as(channelOf(Integer.class));
    assertThat(errorOf(() -> Request.to(small, "ints").with("most", 1).done()).code())
        .isEqualTo(ErrorCode.OVERLOADED);
    numbers.cancel();
    streams.closed.await();
    Until.until("there is room again", () -> isAnswered(small));
  }

  private static boolean isAnswered(WritePort<Request> service) {
    try {
      Request.to(service, "_ping").done();
      return true;
    } catch (CallException e) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
