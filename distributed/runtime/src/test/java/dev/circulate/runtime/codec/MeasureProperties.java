package dev.circulate.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.statistics.Statistics;

/** What is let on its way is what a peer with the same limits reads. */
class MeasureProperties {
  private static final int DEPTH = 8;

  private static final Outgoing OUTGOING =
      new Outgoing(DEPTH, Handlers.none(), _ -> new Reference("0".repeat(32), Rights.ALL, false));

  /** What is heard of a body, in each place where one can stand. */
  private static void assertRead(Object body, FrameLimits limits, Encoding encoding) {
    List<Message> messages =
        List.of(
            new Message.Value("0".repeat(32), body),
            new Message.Home("0".repeat(32), body),
            new Message.Forward("0".repeat(32), body, true, Long.MAX_VALUE, 1));
    for (Message message : messages) {
      Packet packet = new Packet.Batch(Long.MAX_VALUE, Long.MAX_VALUE, List.of(message));
      Packet read =
          encoding == Encoding.JSON
              ? PacketCodec.read(PacketCodec.write(packet), limits)
              : PacketCodec.read(PacketCodec.writeBytes(packet), limits);
      if (read instanceof Packet.Batch batch
          && batch.messages().getFirst() instanceof Message.Forward forward) {
        Incoming incoming = new Incoming(DEPTH, Handlers.none(), Reference::guid);
        assertThat(incoming.convert(forward.body())).isNotNull();
      }
    }
  }

  private static boolean isLetThrough(Object body, FrameLimits limits, Encoding offered) {
    try {
      Measure.require(body, limits, offered, new Letters());
      return true;
    } catch (CodecException e) {
      assertThat(e).hasMessageContaining("the limit is");
      return false;
    }
  }

  @Property(tries = 3000)
  @Label("DI-9 CH-5 what is accepted of one who speaks JSON is read in JSON")
  void json(@ForAll("values") Object value, @ForAll("limits") FrameLimits limits) {
    Object body = OUTGOING.body(value);
    boolean isLetThrough = isLetThrough(body, limits, Encoding.JSON);
    Statistics.collect(isLetThrough);
    Statistics.coverage(
        coverage -> {
          coverage.check(true).percentage(p -> p > 10);
          coverage.check(false).percentage(p -> p > 10);
        });
    if (isLetThrough) {
      assertRead(body, limits, Encoding.JSON);
    }
  }

  @Property(tries = 3000)
  @Label("DI-9 CH-5 what is accepted of one who offers MessagePack is read in both encodings")
  void both(@ForAll("values") Object value, @ForAll("limits") FrameLimits limits) {
    Object body = OUTGOING.body(value);
    if (isLetThrough(body, limits, Encoding.MESSAGE_PACK)) {
      assertRead(body, limits, Encoding.JSON);
      assertRead(body, limits, Encoding.MESSAGE_PACK);
    }
  }

  @Property(tries = 1000)
  @Domain(Values.class)
  @Label("DI-9 how long a value becomes is not estimated too low, whatever it is made of")
  void estimate(@ForAll Object value) {
    Object body = OUTGOING.body(Collections.nCopies(50, value));
    FrameLimits wide = new FrameLimits(1 << 26, DEPTH, 1 << 20, 100_000);
    int estimate = Measure.require(body, wide, Encoding.MESSAGE_PACK, new Letters());
    assertThat(estimate)
        .isGreaterThanOrEqualTo(TransitCodec.write(body).length())
        .isGreaterThanOrEqualTo(TransitCodec.writeBytes(body).length);
  }

  @Example
  @Label("DI-2 DI-9 a map with channels as keys is written in pairs, and so counts twice")
  void channelsAsKeys() {
    FrameLimits small = new FrameLimits(20_000, DEPTH, 4_000, 64);
    Map<Object, Object> body = new HashMap<>();
    while (body.size() < 32) {
      body.put(new Reference("guid " + body.size(), Rights.ALL, false), 1);
    }
    assertRead(body, small, Encoding.JSON);
    body.put(new Reference("one more", Rights.ALL, false), 1);
    assertThatThrownBy(() -> Measure.require(body, small, Encoding.JSON, new Letters()))
        .isInstanceOf(CodecException.class)
        .hasMessage("a collection of 66; the limit is 64");
  }

  @Property(tries = 1000)
  @Label("DI-9 CH-5 what is well within the limits is accepted")
  void within(@ForAll("values") Object value) {
    FrameLimits wide = new FrameLimits(400_000, DEPTH, 40_000, 1_000);
    Measure.require(OUTGOING.body(value), wide, Encoding.MESSAGE_PACK, new Letters());
  }

  @Provide
  Arbitrary<FrameLimits> limits() {
    return Combinators.combine(
            Arbitraries.integers().between(1024, 6000),
            Arbitraries.integers().between(256, 2000),
            Arbitraries.integers().between(64, 128))
        .as((length, string, collection) -> new FrameLimits(length, DEPTH, string, collection));
  }

  /** Values around the limits, of one kind each, alone and in others. */
  @Provide
  Arbitrary<Object> values() {
    Arbitrary<Object> large = Arbitraries.oneOf(texts(), digits(), collections());
    return Arbitraries.oneOf(
        large,
        large.list().ofMinSize(1).ofMaxSize(3).asGeneric(),
        large.map(value -> Map.of("key", value)),
        Combinators.combine(texts(), large).as(Map::of));
  }

  private static Arbitrary<Object> texts() {
    Arbitrary<String> repeated =
        Combinators.combine(
                Arbitraries.of("x", "\"", "\n", "\u0001", "~", "^a", "é", "\u4f60", "\ud83d\ude00"),
                sizes(2100))
            .as(String::repeat);
    return Arbitraries.oneOf(
        repeated.asGeneric(),
        repeated.map(text -> new Tagged("x", text)),
        repeated.filter(text -> text.length() > 1).map(tag -> new Tagged(tag, 1)),
        repeated.map(Name::keyword).map(name -> new Tagged("name", name)),
        sizes(1600).map(byte[]::new),
        sizes(2100).map(n -> URI.create("http://x/" + "é".repeat(n))));
  }

  private static Arbitrary<Object> digits() {
    Arbitrary<BigInteger> numbers = sizes(2100).map(n -> BigInteger.TEN.pow(n).negate());
    return Arbitraries.oneOf(
        numbers.asGeneric(), numbers.map(number -> new BigDecimal(number, 300)));
  }

  private static Arbitrary<Object> collections() {
    List<Function<Integer, Object>> kinds =
        List.of(
            n -> n,
            n -> (long) n,
            n -> (long) n << 40,
            n -> -n / 3.0,
            n -> (float) n,
            n -> (short) (int) n,
            n -> new UUID(n, n),
            n -> (char) (int) n,
            n -> LocalDate.EPOCH.plusDays(n),
            n -> BigInteger.valueOf(n),
            n -> "key " + n,
            n -> List.of(n),
            n -> Set.of(n),
            n -> Map.of(n, n),
            n -> Map.of((long) n, n),
            n -> new Tagged("x", "" + n),
            n -> n % 2 == 0 ? n : List.of(n));
    return Combinators.combine(Arbitraries.of(kinds), sizes(200), Arbitraries.of(Shape.values()))
        .as((kind, size, shape) -> shape.of(IntStream.range(0, size).boxed().map(kind).toList()));
  }

  private static Arbitrary<Integer> sizes(int most) {
    return Arbitraries.integers().between(0, most);
  }

  /** What elements can make. */
  private enum Shape {
    LIST {
      @Override
      Object of(List<Object> elements) {
        return elements;
      }
    },
    SET {
      @Override
      Object of(List<Object> elements) {
        return new LinkedHashSet<>(elements);
      }
    },
    MAP {
      @Override
      Object of(List<Object> elements) {
        return elements.stream().collect(Collectors.toMap(key -> key, _ -> 1));
      }
    },
    EMPTY_SETS {
      @Override
      Object of(List<Object> elements) {
        return Collections.nCopies(elements.size(), Set.of());
      }
    },
    CHANNELS {
      @Override
      Object of(List<Object> elements) {
        return Collections.nCopies(elements.size(), dev.circulate.Csp.chan());
      }
    };

    abstract Object of(List<Object> elements);
  }

  @Example
  @Label("DI-9 names that a body repeats are as long in a frame as they are measured")
  void cached() {
    List<Object> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      Map<String, Object> row = new HashMap<>();
      for (int name = 0; name < 44; name++) {
        row.put("name " + name, 1);
      }
      rows.add(row);
    }
    Object body = OUTGOING.body(rows);
    int refused = 1024;
    int letThrough = 10 * TransitCodec.write(body).length();
    while (letThrough - refused > 1) {
      int length = (refused + letThrough) / 2;
      if (isLetThrough(body, ofLength(length), Encoding.JSON)) {
        letThrough = length;
      } else {
        refused = length;
      }
    }
    assertRead(body, ofLength(letThrough), Encoding.JSON);
  }

  private static FrameLimits ofLength(int length) {
    return new FrameLimits(length, DEPTH, 2000, 1000);
  }
}
