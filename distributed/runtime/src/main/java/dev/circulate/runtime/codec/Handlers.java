package dev.circulate.runtime.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How values of a program's own types cross, and become such values again: each type has a tag,
 * which both sides must know it by.
 *
 * {@snippet :
 * Handlers handlers =
 *     Handlers.none()
 *         .withRecord("point", Point.class)
 *         .with("money", Money.class, Money::toString, text -> Money.parse((String) text));
 * }
 *
 * <p>A side without the handler gets a {@link Tagged} value instead and can send it on. So does one
 * whose handler throws when it reads: the other side may have a newer form of the type.
 *
 * <p>The functions get and give plain data, records, enums, channels, or values that have handlers
 * themselves. <b>They must not block.</b> What reads runs in the one thread in which a session
 * hears its peer, and so does what writes a value that had waited for room, or that the peer asked
 * for; else a value is written by whoever puts it. While a function runs in that thread, nothing
 * else of the peer is heard: no answer, no close, and not even that it is alive, so that its link
 * counts as dead after a while, and a function that waits for the same peer waits in vain. Work
 * that takes time belongs to whoever takes the value.
 *
 * <p>Immutable. The functions may be called by several threads at once.
 */
public final class Handlers {
  private record Handler(
      String tag, Class<?> type, Function<Object, ?> write, Function<Object, ?> read) {}

  private static final Handlers NONE = new Handlers(List.of());

  private final List<Handler> handlers;

  private Handlers(List<Handler> handlers) {
    this.handlers = handlers;
  }

  /** No types but those that every peer knows. */
  public static Handlers none() {
    return NONE;
  }

  /**
   * These, and a type more.
   *
   * @param tag what the type is called on the wire
   * @param type the type; its subtypes are written so, too, unless they have an earlier handler
   * @param write makes of a value what crosses
   * @param read makes of what crossed a value
   * @param <T> the type
   * @throws IllegalArgumentException if the tag is taken, or means something to every peer
   */
  public <T> Handlers with(
      String tag, Class<T> type, Function<? super T, ?> write, Function<Object, ? extends T> read) {
    Objects.requireNonNull(type, "type");
    if (tag.length() < 2
        || Times.isTag(tag)
        || Numbers.isTag(tag)
        || TransitCodec.RESERVED.contains(tag)
        || handlers.stream().anyMatch(handler -> handler.tag.equals(tag))) {
      throw new IllegalArgumentException(
          "'" + tag + "' is taken, or too short: a tag is a name of two or more letters");
    }
    List<Handler> more = new ArrayList<>(handlers);
    more.add(new Handler(tag, type, value -> write.apply(type.cast(value)), read));
    return new Handlers(List.copyOf(more));
  }

  /**
   * These, and a record type, which crosses as a map of its components: plain data, enums, an
   * {@code Optional} or its kin for numbers, records, and collections of these.
   *
   * @param tag what the type is called on the wire
   * @param type the record
   * @param <T> the record
   * @throws IllegalArgumentException if the tag is taken, or means something to every peer
   */
  public <T extends Record> Handlers withRecord(String tag, Class<T> type) {
    RecordForm<T> form = new RecordForm<>(type);
    return with(tag, type, form::components, form::read);
  }

  /** The handled form of a value, for which {@code convert} is what its parts need; or null. */
  @Nullable Tagged written(Object value, Function<@Nullable Object, @Nullable Object> convert) {
    for (Handler handler : handlers) {
      if (handler.type.isInstance(value)) {
        return new Tagged(handler.tag, convert.apply(handler.write.apply(value)));
      }
    }
    return null;
  }

  /** Whether there is a handler for a tag. */
  boolean reads(String tag) {
    for (Handler handler : handlers) {
      if (handler.tag.equals(tag)) {
        return true;
      }
    }
    return false;
  }

  /**
   * What the handler for a tag makes of a representation: tells why a value arrived {@link Tagged}.
   *
   * @param tag what the type is called on the wire
   * @param representation what crossed
   * @throws RuntimeException if it cannot read it, or there is none
   */
  public Object read(String tag, Object representation) {
    for (Handler handler : handlers) {
      if (handler.tag.equals(tag)) {
        return Objects.requireNonNull(handler.read.apply(representation), "a handler gave null");
      }
    }
    throw new IllegalArgumentException("no handler for '" + tag + "'");
  }
}
