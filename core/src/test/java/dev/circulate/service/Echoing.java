package dev.circulate.service;

import dev.circulate.service.Everything.Item;
import dev.circulate.service.Everything.Size;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** Touches each value as what it is to be, so that one of another type would not pass. */
class Echoing implements Echo {
  @Command
  @Override
  public Item item(Item x) {
    return new Item(x.name(), x.count(), List.copyOf(x.sizes()));
  }

  @Command
  @Override
  public Shape shape(Shape x) {
    return switch (x) {
      case Circle(double radius) -> new Circle(radius);
      case Square(double side) -> new Square(side);
      case Rhombus(double side) -> new Rhombus(side);
      case Nothing nothing -> nothing;
    };
  }

  @Command
  @Override
  public List<Shape> shapes(List<Shape> x) {
    return x.stream().map(this::shape).toList();
  }

  @Command
  @Override
  public Size size(Size x) {
    return Size.valueOf(x.name());
  }

  @Command
  @Override
  public Order order(Order x) {
    return new Order(
        UUID.fromString(x.id().toString()),
        item(x.item()),
        x.price().setScale(x.price().scale()),
        x.within(),
        x.due().map(LocalDate::from),
        Map.copyOf(x.stock()),
        shapes(x.shapes()));
  }

  @Command
  @Override
  public Set<Item> items(Set<Item> x) {
    x.forEach(this::item);
    return x;
  }

  @Command
  @Override
  public Map<String, List<Item>> byName(Map<String, List<Item>> x) {
    x.values().forEach(items -> items.forEach(this::item));
    return x;
  }

  @Command
  @Override
  public Optional<Item> perhaps(Optional<Item> x) {
    return x.map(this::item);
  }

  @Command
  @Override
  public Counted counted(Counted x) {
    return new Counted(few(x.few()), many(x.many()), share(x.share()));
  }

  @Command
  @Override
  public OptionalInt few(OptionalInt x) {
    return x.isPresent() ? OptionalInt.of(x.getAsInt()) : x;
  }

  @Command
  @Override
  public OptionalLong many(OptionalLong x) {
    return x.isPresent() ? OptionalLong.of(x.getAsLong()) : x;
  }

  @Command
  @Override
  public OptionalDouble share(OptionalDouble x) {
    return x.isPresent() ? OptionalDouble.of(x.getAsDouble()) : x;
  }

  @Command
  @Override
  public Instant instant(Instant x) {
    return x.plusNanos(0);
  }

  @Command
  @Override
  public Duration duration(Duration x) {
    return x.plusNanos(0);
  }

  @Command
  @Override
  public LocalDate date(LocalDate x) {
    return x.plusDays(0);
  }

  @Command
  @Override
  public OffsetDateTime offset(OffsetDateTime x) {
    return x.plusDays(0);
  }

  @Command
  @Override
  public ZonedDateTime zoned(ZonedDateTime x) {
    return x.plusDays(0);
  }

  @Command
  @Override
  public UUID uuid(UUID x) {
    return UUID.fromString(x.toString());
  }

  @Command
  @Override
  public URI uri(URI x) {
    return x.normalize();
  }

  @Command
  @Override
  public BigInteger big(BigInteger x) {
    return x.negate().negate();
  }

  @Command
  @Override
  public BigDecimal decimal(BigDecimal x) {
    return x.negate().negate();
  }

  @Command
  @Override
  public byte[] bytes(byte[] x) {
    return x.clone();
  }

  @Command
  @Override
  public int[] ints(int[] x) {
    return x.clone();
  }

  @Command
  @Override
  public char letter(char x) {
    return x;
  }

  @Command
  @Override
  public short small(short x) {
    return x;
  }

  @Command
  @Override
  public float single(float x) {
    return x;
  }
}
