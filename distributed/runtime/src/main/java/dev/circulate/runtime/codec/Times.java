package dev.circulate.runtime.codec;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The types of {@code java.time}: each is its ISO text under a tag of its own, but for a moment of
 * whole milliseconds, for which transit has a form that every peer knows.
 */
final class Times {
  private record Kind<T>(String tag, Class<T> type, Function<String, T> parse) {}

  private static final List<Kind<?>> KINDS =
      List.of(
          new Kind<>("instant", Instant.class, Instant::parse),
          new Kind<>("local-date", LocalDate.class, LocalDate::parse),
          new Kind<>("local-time", LocalTime.class, LocalTime::parse),
          new Kind<>("local-date-time", LocalDateTime.class, LocalDateTime::parse),
          new Kind<>("offset-date-time", OffsetDateTime.class, OffsetDateTime::parse),
          new Kind<>("offset-time", OffsetTime.class, OffsetTime::parse),
          new Kind<>("zoned-date-time", ZonedDateTime.class, ZonedDateTime::parse),
          new Kind<>("year", Year.class, text -> Year.of(Integer.parseInt(text))),
          new Kind<>("year-month", YearMonth.class, YearMonth::parse),
          new Kind<>("month-day", MonthDay.class, MonthDay::parse),
          new Kind<>("duration", Duration.class, Duration::parse),
          new Kind<>("period", Period.class, Period::parse),
          new Kind<>("zone", ZoneId.class, ZoneId::of));

  private static final Map<Class<?>, String> TAGS = new HashMap<>();
  private static final Map<String, Kind<?>> BY_TAG = new HashMap<>();

  static {
    for (Kind<?> kind : KINDS) {
      TAGS.put(kind.type, kind.tag);
      BY_TAG.put(kind.tag, kind);
    }
  }

  private Times() {}

  /** What crosses for a date, which may be of a kind that knows nanoseconds, or no instant. */
  @SuppressWarnings("JavaUtilDate") // programs send it
  static Object date(Date date) {
    try {
      Instant instant = date.toInstant();
      return isOfMillis(instant) ? Date.from(instant) : new Tagged("instant", instant.toString());
    } catch (UnsupportedOperationException e) {
      return new Date(date.getTime());
    }
  }

  /** What crosses for a value; null if it is none of these. */
  static @Nullable Object written(Object value) {
    if (value instanceof Instant instant && isOfMillis(instant)) {
      return Date.from(instant);
    }
    String tag = value instanceof ZoneId ? "zone" : TAGS.get(value.getClass());
    return tag == null ? null : new Tagged(tag, text(value));
  }

  /** The ISO text; a month's own leaves out the sign that a year of five digits is read by. */
  private static String text(Object value) {
    return value instanceof YearMonth month && month.getYear() > 9999
        ? "+" + month
        : value.toString();
  }

  /** Transit's moments are milliseconds in a long. */
  private static boolean isOfMillis(Instant instant) {
    return instant.equals(instant.truncatedTo(ChronoUnit.MILLIS))
        && Math.abs(instant.getEpochSecond()) < Long.MAX_VALUE / 1000;
  }

  /**
   * A moment as transit writes it for people, which nobody here does. Transit's own reader takes a
   * year of any length.
   */
  static Date inWords(Object words) {
    if (words instanceof String text) {
      return Date.from(OffsetDateTime.parse(text).toInstant());
    }
    throw new CodecException("a moment in words is a text");
  }

  static boolean isTag(String tag) {
    return BY_TAG.containsKey(tag);
  }

  /**
   * The value that crossed; null if that is none here. It may be one elsewhere, where other zones
   * are known, and whoever passes it on need not know what any of these looks like.
   */
  static @Nullable Object read(Tagged tagged) {
    Kind<?> kind = BY_TAG.get(tagged.tag());
    if (kind == null || !(tagged.representation() instanceof String text)) {
      return null;
    }
    try {
      return kind.parse.apply(text);
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      return null;
    }
  }
}
