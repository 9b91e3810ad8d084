package dev.circulate.service;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.Deadline;
import dev.circulate.WritePort;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Commands of every kind, and what goes wrong in them. */
class Everything {
  enum Size {
    SMALL,
    LARGE
  }

  record Item(String name, int count, List<Size> sizes) {}

  record Subscription(String topic, WritePort<String> to) {}

  final CountDownLatch release = new CountDownLatch(1);
  final CountDownLatch interrupted = new CountDownLatch(1);
  final Channel<String> started = Csp.chan(8);

  @Command
  String describe(Item item) {
    return item.toString();
  }

  @Command
  int total(List<Item> items) {
    return items.stream().mapToInt(Item::count).sum();
  }

  @Command
  int narrow(int value) {
    return value;
  }

  @Command
  double wide(double value) {
    return value;
  }

  @Command
  String text(String value) {
    return value;
  }

  @Command
  String moment(Instant at, Duration wait) {
    return at.plus(wait).toString();
  }

  @Command
  String page(@Default("20") int size, Optional<String> after, @Default("up") String order) {
    return size + " " + after.orElse("-") + " " + order;
  }

  @Command
  void subscribe(Subscription subscription) throws InterruptedException {
    subscription.to.put("news of " + subscription.topic);
  }

  @Command
  void toAll(List<WritePort<String>> ports) throws InterruptedException {
    for (WritePort<String> port : ports) {
      port.put("all");
    }
  }

  @Command("add-two")
  int sum(@Named("first-one") int a, @Named("second") int b) {
    return a + b;
  }

  @Command
  int fail(String why) throws Exception {
    throw new java.io.IOException(why);
  }

  @Command
  void refuse() {
    throw new CallException(new CallError.Refused("not today"));
  }

  @Command
  @Nullable String nothing() {
    return null;
  }

  @Command
  String await() throws InterruptedException {
    started.put("await");
    try {
      release.await();
    } catch (InterruptedException e) {
      interrupted.countDown();
      throw e;
    }
    return "released";
  }

  @Command
  long remaining() {
    return Deadline.current().remaining().toMillis();
  }

  @Command
  String caller() {
    return Origin.current().toString();
  }

  record Outer(WritePort<Request> inner) {
    @Command
    long ask() throws Exception {
      return Request.to(inner, "remaining").within(Duration.ofHours(1)).as(long.class);
    }
  }

  static class Lists {
    @Command
    List<Integer> numbers() {
      return List.of(1, 2);
    }

    @Command
    Item item() {
      return new Item("hat", 1, List.of());
    }
  }
}
