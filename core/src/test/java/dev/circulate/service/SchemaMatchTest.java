package dev.circulate.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** When values of one type are values of another, as far as their schemas tell. */
class SchemaMatchTest {
  enum Coarse {
    SMALL
  }

  enum Fine {
    SMALL,
    LARGE
  }

  record Named(String name) {}

  record Counted(String name, int count) {}

  private static Arguments fits(TypeOf<?> given, TypeOf<?> wanted) {
    return Arguments.of(given, wanted, null);
  }

  private static Arguments differs(TypeOf<?> given, TypeOf<?> wanted, String difference) {
    return Arguments.of(given, wanted, difference);
  }

  static Stream<Arguments> pairs() {
    TypeOf<Integer> whole = TypeOf.of(int.class);
    TypeOf<Double> number = TypeOf.of(double.class);
    TypeOf<String> text = TypeOf.of(String.class);
    TypeOf<UUID> id = TypeOf.of(UUID.class);
    TypeOf<Coarse> coarse = TypeOf.of(Coarse.class);
    TypeOf<Fine> fine = TypeOf.of(Fine.class);
    TypeOf<Named> named = TypeOf.of(Named.class);
    TypeOf<Counted> counted = TypeOf.of(Counted.class);
    TypeOf<Channel<String>> channel = TypeOf.channelOf(String.class);
    TypeOf<ReadPort<String>> taking = new TypeOf<>() {};
    TypeOf<WritePort<String>> putting = new TypeOf<>() {};
    return Stream.of(
        fits(whole, number),
        differs(number, whole, "it: number (double) for integer (int32)"),
        fits(whole, TypeOf.of(long.class)),
        differs(whole, text, "it: integer (int32) for string"),
        fits(whole, TypeOf.of(Object.class)),
        fits(TypeOf.of(Object.class), whole),
        fits(TypeOf.optionalOf(Integer.class), whole),
        fits(coarse, fine),
        differs(fine, coarse, "it: one of [SMALL, LARGE] for one of [SMALL]"),
        fits(id, text),
        fits(text, id),
        differs(id, TypeOf.of(Instant.class), "it: string (uuid) for string (date-time)"),
        differs(named, counted, "it.count is missing"),
        differs(counted, named, "it.count is not known"),
        differs(named, text, "it: object (Named) for string"),
        differs(
            TypeOf.listOf(Integer.class),
            TypeOf.listOf(String.class),
            "it[]: integer (int32) for string"),
        differs(
            TypeOf.mapOf(Integer.class),
            TypeOf.mapOf(String.class),
            "it's values: integer (int32) for string"),
        differs(
            TypeOf.channelOf(Integer.class), channel, "it, its values: integer (int32) for string"),
        fits(channel, taking),
        fits(channel, putting),
        differs(putting, taking, "it: a channel (put) for a channel (take)"),
        differs(taking, channel, "it: a channel (take) for a channel (whole)"),
        differs(channel, text, "it: a channel (whole) for string"),
        differs(text, channel, "it: string for a channel (whole)"),
        fits(new TypeOf<Map<String, List<Named>>>() {}, new TypeOf<Map<String, List<Named>>>() {}),
        fits(new TypeOf<Optional<Named>>() {}, named));
  }

  @ParameterizedTest(name = "{0} for {1}: {2}")
  @MethodSource("pairs")
  @DisplayName("SV-5 a value of one type is one of another, or it is said what differs")
  void matches(TypeOf<?> given, TypeOf<?> wanted, @Nullable String difference) {
    assertThat(SchemaMatch.difference("it", Schemas.of(given.type()), Schemas.of(wanted.type())))
        .isEqualTo(difference);
  }
}
