package dev.circulate.http;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.WritePort;
import dev.circulate.service.Command;
import dev.circulate.service.Default;
import dev.circulate.service.Origin;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.Visibility;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A service that has a command of each kind, and what a test wants to know of them. */
final class Shop {
  record Item(String name, int cents, Optional<LocalDate> until) {}

  final AtomicInteger orders = new AtomicInteger();

  /** The channel that {@code ticks} answers next; opened by {@code ticks} if there is none. */
  final Channel<Channel<Object>> streams = Csp.chan(64);

  /** Says that {@code wait} has begun, and how it ended. */
  final Channel<String> waits = Csp.chan(64);

  final Channel<String> release = Csp.chan();

  /** A root with this service, public, and another that is private. */
  Root root() {
    return Root.named("corner-shop")
        .add("shop", Service.of(this), Visibility.PUBLIC)
        .add("back room", Service.of(new Shop.Back()), Visibility.PUBLIC)
        .add("safe", Service.of(new Shop.Back()), Visibility.PRIVATE)
        .handler("woof", "Barks.", request -> String.valueOf(request.argument("exact")));
  }

  static final class Back {
    @Command(readOnly = true)
    int count() {
      return 7;
    }
  }

  @Command(doc = "The price of so many items.\nIn cents.", readOnly = true)
  int price(String item, @Default("1") int count) {
    return item.length() * 10 * count;
  }

  @Command(readOnly = true)
  List<Item> items() {
    return List.of(
        new Item("tea", 250, Optional.empty()),
        new Item("milk", 99, Optional.of(LocalDate.of(2026, 11, 30))));
  }

  @Command(readOnly = true)
  Stream<Item> catalogue() {
    return items().stream();
  }

  /** A form with a channel deep inside. */
  @Command
  void follow(List<Follower> followers) {}

  record Follower(String name, WritePort<String> news) {}

  @Command(readOnly = true)
  int total(List<Integer> cents) {
    return cents.stream().mapToInt(Integer::intValue).sum();
  }

  @Command(readOnly = true)
  String sorted(SortedSet<String> names) {
    return String.join("+", names);
  }

  @Command(readOnly = true)
  int longest(Deque<Integer> lengths) {
    return lengths.getLast();
  }

  @Command(readOnly = true)
  String joined(List<String> names, boolean loud) {
    String all = String.join("+", names);
    return loud ? all.toUpperCase(java.util.Locale.ROOT) : all;
  }

  @Command(readOnly = true)
  int size(byte[] data) {
    return data.length;
  }

  @Command
  Map<String, Object> same(Map<String, Object> value) {
    return value;
  }

  @Command(doc = "Orders something: it is <b>not</b> read-only.")
  int order(Item item) {
    return orders.incrementAndGet();
  }

  @Command(doc = "Orders something, and tells how it comes along.")
  Stream<String> orderAndTell() {
    orders.incrementAndGet();
    return Stream.of("packed", "sent");
  }

  @Command
  void nothing() {}

  @Command
  Optional<String> perhaps() {
    return Optional.empty();
  }

  @Command
  String fail() {
    throw new IllegalStateException("out of <b>tea</b>");
  }

  @Command
  String who() {
    return Origin.current().toString();
  }

  @Command(readOnly = true)
  String identity() {
    return Origin.current() instanceof Origin.Remote remote ? remote.identity() + "" : "local";
  }

  @Command
  Map<String, Object> inside() {
    return Map.of("channel", Csp.chan());
  }

  /** Waits until it is released. */
  @Command(value = "wait")
  String hold() throws InterruptedException {
    waits.put("began");
    try {
      return release.take() + "";
    } catch (InterruptedException e) {
      waits.offer("interrupted", Duration.ofSeconds(10));
      throw e;
    }
  }

  @Command(doc = "Counts up to a number.", readOnly = true)
  Channel<Integer> numbers(int upTo) {
    Channel<Integer> numbers = Csp.chan();
    Csp.go(
        () -> {
          try (numbers) {
            for (int i = 1; i <= upTo && numbers.put(i); i++) {}
          }
        });
    return numbers;
  }

  @Command(doc = "What the test puts.", readOnly = true)
  Channel<Object> ticks() throws InterruptedException {
    Channel<Object> ticks = Csp.chan();
    streams.put(ticks);
    return ticks;
  }
}
