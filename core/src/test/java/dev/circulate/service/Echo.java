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
import org.jspecify.annotations.Nullable;

/** What comes in goes out, in the type that the method says. */
interface Echo {
  sealed interface Shape {}

  record Circle(double radius) implements Shape {}

  record Square(double side) implements Shape {}

  record Rhombus(double side) implements Shape {}

  enum Nothing implements Shape {
    POINT
  }

  record Order(
      UUID id,
      Item item,
      BigDecimal price,
      @Nullable Duration within,
      Optional<LocalDate> due,
      Map<Size, Integer> stock,
      List<Shape> shapes) {}

  record Counted(OptionalInt few, OptionalLong many, OptionalDouble share) {}

  Item item(Item x);

  Shape shape(Shape x);

  List<Shape> shapes(List<Shape> x);

  Size size(Size x);

  Order order(Order x);

  Set<Item> items(Set<Item> x);

  Map<String, List<Item>> byName(Map<String, List<Item>> x);

  Optional<Item> perhaps(Optional<Item> x);

  Counted counted(Counted x);

  OptionalInt few(OptionalInt x);

  OptionalLong many(OptionalLong x);

  OptionalDouble share(OptionalDouble x);

  Instant instant(Instant x);

  Duration duration(Duration x);

  LocalDate date(LocalDate x);

  OffsetDateTime offset(OffsetDateTime x);

  ZonedDateTime zoned(ZonedDateTime x);

  UUID uuid(UUID x);

  URI uri(URI x);

  BigInteger big(BigInteger x);

  BigDecimal decimal(BigDecimal x);

  byte[] bytes(byte[] x);

  int[] ints(int[] x);

  char letter(char x);

  short small(short x);

  float single(float x);
}
