package dev.circulate.http;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.service.Command;
import dev.circulate.service.Default;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A service whose commands take and answer values of all kinds of types. */
final class Kinds {
  enum Color {
    RED,
    GREEN
  }

  record Point(int x, int y) {}

  record Page<T>(List<T> items, Optional<String> next) {}

  sealed interface Shape {
    record Circle(Point center, double radius) implements Shape {}

    record Square(Point corner, double side) implements Shape {}

    /** With the same fields as a circle. */
    record Disc(Point center, double radius) implements Shape {}
  }

  /** A type inside itself. */
  record Tree(String name, List<Tree> branches) {}

  /** A sealed type inside itself. */
  sealed interface Term {
    record Literal(BigInteger value) implements Term {}

    record Sum(Term left, Term right) implements Term {}
  }

  /** A type that contains itself, twice in another. */
  record Pair(Tree first, Tree second) {}

  /** Another type of the same name. */
  static final class Other {
    record Tree(int height, Optional<Tree> child) {}
  }

  /** With a type inside itself. */
  static final class Rope {
    record Knot(String name, List<Knot> knots) {}
  }

  /** Two types of one name. */
  record Knots(Rope.Knot rope, Wood.Knot wood) {}

  /** With another such type, of the same name. */
  static final class Wood {
    record Knot(int width, Optional<Knot> inside) {}
  }

  /** No record. */
  static final class Box {
    private int size;

    public int getSize() {
      return size;
    }

    public void setSize(int size) {
      this.size = size;
    }
  }

  /** What has whatever its implementations have. */
  interface Named {
    String name();
  }

  record Dog(String name, int legs) implements Named {}

  @SuppressWarnings("ArrayRecordComponent") // arrays are kinds too
  record Everything(
      boolean flag,
      byte small,
      short shorter,
      long longer,
      float real,
      char letter,
      BigDecimal exact,
      UUID id,
      URI uri,
      Instant moment,
      LocalDate day,
      Duration span,
      byte[] bytes,
      int[] numbers,
      Set<Color> colors,
      Map<String, Point> places,
      Optional<Shape> shape,
      @Nullable Object anything) {}

  @Command(readOnly = true)
  Everything everything() {
    return new Everything(
        true,
        (byte) 1,
        (short) 2,
        3L,
        0.5f,
        'x',
        new BigDecimal("1.25"),
        new UUID(1, 2),
        URI.create("https://circulate.example/"),
        Instant.EPOCH,
        LocalDate.EPOCH,
        Duration.ofSeconds(90),
        new byte[] {1, 2, 3},
        new int[] {4, 5},
        Set.of(Color.RED),
        Map.of("home", new Point(0, 0)),
        Optional.of(new Shape.Circle(new Point(1, 2), 3)),
        null);
  }

  @Command
  Everything same(Everything value) {
    return value;
  }

  @Command(readOnly = true)
  List<Shape> shapes() {
    Point origin = new Point(0, 0);
    return List.of(
        new Shape.Circle(origin, 1), new Shape.Square(origin, 2), new Shape.Disc(origin, 3));
  }

  @Command
  Shape larger(Shape shape) {
    return switch (shape) {
      case Shape.Circle(Point center, double radius) -> new Shape.Circle(center, 2 * radius);
      case Shape.Square(Point corner, double side) -> new Shape.Square(corner, 2 * side);
      case Shape.Disc(Point center, double radius) -> new Shape.Disc(center, 2 * radius);
    };
  }

  @Command(readOnly = true)
  Stream<Shape> drawing() {
    return shapes().stream();
  }

  @Command(readOnly = true)
  Page<Point> page(@Default("2") int size, Optional<String> after, @Default("RED") Color color) {
    return new Page<>(
        IntStream.range(0, size).mapToObj(i -> new Point(i, i)).toList(), after.map(a -> a + "+"));
  }

  record Counted(OptionalInt few, OptionalLong many, OptionalDouble share) {}

  @Command(readOnly = true)
  Counted counted(OptionalInt few, OptionalLong many, OptionalDouble share) {
    return new Counted(few, many, share);
  }

  @Command(readOnly = true)
  Optional<Color> favourite() {
    return Optional.empty();
  }

  @Command(readOnly = true)
  Color darker(Color color, List<List<Color>> palette) {
    return color;
  }

  @Command(readOnly = true)
  double far(Point point) {
    return Math.hypot(point.x, point.y);
  }

  @Command
  Tree grow(Tree tree) {
    return new Tree(tree.name, List.of(tree, tree));
  }

  @Command
  Pair pair(Tree tree) {
    return new Pair(tree, tree);
  }

  @Command
  Other.Tree higher(Other.Tree tree) {
    return new Other.Tree(tree.height + 1, Optional.of(tree));
  }

  @Command
  Term simpler(Term term) {
    return term instanceof Term.Sum(Term left, Term _) ? left : term;
  }

  @Command
  Knots knots(Knots knots) {
    return knots;
  }

  @Command
  Box box(Box box) {
    return box;
  }

  @Command
  List<Named> named() {
    return List.of(new Dog("Rex", 4));
  }

  /** Defaults that are JSON. */
  @Command
  char quoted(@Default("\"5\"") char letter, @Default("\"RED\"") Color color) {
    return letter;
  }

  @Command
  char[] letters(char[] letters) {
    return letters;
  }

  /** The first form. */
  @Command(readOnly = true)
  int area(int side) {
    return side * side;
  }

  /** Another form, with another answer. */
  @Command(readOnly = true)
  BigInteger area(BigInteger width, BigInteger height) {
    return width.multiply(height);
  }

  @Command(readOnly = true)
  Iterator<Point> walk() {
    return List.of(new Point(1, 1), new Point(2, 2)).iterator();
  }

  @Command(readOnly = true)
  Channel<Integer> count() {
    Channel<Integer> numbers = Csp.chan(1);
    numbers.offer(1);
    numbers.close();
    return numbers;
  }

  @Command(value = "with {braces}, 100% and/slash", readOnly = true)
  String braces() {
    return "{}";
  }

  /** What JSON cannot carry is left out. */
  @Command
  void listen(WritePort<String> to, ReadPort<Shape> from) {}

  @Command
  void nothing() {}

  /** With what can be told of it beside its components, and what may be missing. */
  record Line(Point from, Point to, @Nullable String label) {
    public double getLength() {
      return Math.hypot(to.x - from.x, to.y - from.y);
    }

    public boolean isPoint() {
      return from.equals(to);
    }
  }

  @Command
  List<Line> lines(List<Line> lines) {
    return lines;
  }

  @Command
  @Nullable String label(Line line, @Nullable String unless) {
    return line.label == null ? unless : line.label;
  }
}
