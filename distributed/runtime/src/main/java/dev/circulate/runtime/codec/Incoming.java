package dev.circulate.runtime.codec;

import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes of what transit read what a program expects: names are strings, numbers have the type that
 * they left with, moments are of {@code java.time}, and each {@link Reference} is a channel or a
 * face of one. What has a tag that nobody knows is {@link Tagged}.
 */
public final class Incoming {
  private final int maxDepth;
  private final Handlers handlers;
  private final Function<Reference, Object> resolve;

  /**
   * A conversion.
   *
   * @param maxDepth how deep values may be nested
   * @param handlers how types of the program's own are read
   * @param resolve the channel that a reference means
   */
  public Incoming(int maxDepth, Handlers handlers, Function<Reference, Object> resolve) {
    this.maxDepth = maxDepth;
    this.handlers = handlers;
    this.resolve = resolve;
  }

  /**
   * Converts a value.
   *
   * @throws CodecException if it is nested too deep, takes too much to read, or is not what a tag
   *     of every peer's is for
   */
  public @Nullable Object convert(@Nullable Object value) {
    return new Conversion().convert(value, 0);
  }

  /** The conversion of one value. */
  private final class Conversion {
    private final Effort effort = new Effort(maxDepth);

    @Nullable Object convert(@Nullable Object value, int depth) {
      came(value, depth);
      return switch (value) {
        case null -> null;
        case String text -> text;
        case Long number -> Numbers.plain(number);
        case Name name -> name.text();
        case Reference reference -> resolve.apply(reference);
        case Map<?, ?> map -> map(map.size(), map::forEach, part -> convert(part, depth + 1));
        case Pairs pairs -> map(pairs.size(), pairs::forEach, part -> convert(part, depth + 1));
        case Elements(List<?> parts) -> set(parts, part -> convert(part, depth + 1));
        case List<?> list -> {
          List<@Nullable Object> converted = new ArrayList<>(list.size());
          list.forEach(entry -> converted.add(convert(entry, depth + 1)));
          yield converted;
        }
        case Tagged tagged -> tagged(tagged, depth);
        case Date moment -> moment.toInstant();
        default -> value;
      };
    }

    private void came(@Nullable Object value, int depth) {
      if (depth > maxDepth) {
        throw new CodecException("a value nested deeper than " + maxDepth + " levels is refused");
      }
      effort.came(value);
    }

    private Map<@Nullable Object, @Nullable Object> map(
        int size,
        Consumer<BiConsumer<@Nullable Object, @Nullable Object>> entries,
        UnaryOperator<@Nullable Object> convert) {
      Map<@Nullable Object, @Nullable Object> converted = LinkedHashMap.newLinkedHashMap(size);
      Effort.Keys keys = effort.keys();
      entries.accept(
          (key, entry) -> {
            keys.next();
            Object name = convert.apply(key);
            keys.came(name);
            converted.put(name, convert.apply(entry));
          });
      return converted;
    }

    private Set<@Nullable Object> set(List<?> parts, UnaryOperator<@Nullable Object> convert) {
      Set<@Nullable Object> converted = LinkedHashSet.newLinkedHashSet(parts.size());
      Effort.Keys keys = effort.keys();
      for (Object part : parts) {
        keys.next();
        Object element = convert.apply(part);
        keys.came(element);
        converted.add(element);
      }
      return converted;
    }

    private Object tagged(Tagged tagged, int depth) {
      if (Numbers.isTag(tagged.tag())) {
        return Numbers.untagged(tagged);
      } else if (handlers.reads(tagged.tag())) {
        return handled(tagged, depth);
      }
      Object time = Times.read(tagged);
      return time == null ? asItCame(tagged, depth) : time;
    }

    private Tagged asItCame(Tagged tagged, int depth) {
      Object representation = tagged.representation();
      return new Tagged(
          tagged.tag(), verbatim(representation, Tagged.within(representation, depth)));
    }

    private Object handled(Tagged tagged, int depth) {
      Object came = tagged.representation();
      Object representation = convert(came, Tagged.within(came, depth));
      if (representation == null) {
        return new Tagged(tagged.tag(), null);
      }
      try {
        return handlers.read(tagged.tag(), representation);
      } catch (VirtualMachineError e) {
        throw e; // not what the handler says of the value
      } catch (Throwable e) {
        return new Tagged(tagged.tag(), representation);
      }
    }

    /** The representation of a tagged value, in which nothing but channels is ours to change. */
    @SuppressWarnings("JdkObsolete") // so transit tells a list from an array
    private @Nullable Object verbatim(@Nullable Object value, int depth) {
      came(value, depth);
      return switch (value) {
        case Reference reference -> resolve.apply(reference);
        case Map<?, ?> map -> map(map.size(), map::forEach, part -> verbatim(part, depth + 1));
        case Pairs pairs -> map(pairs.size(), pairs::forEach, part -> verbatim(part, depth + 1));
        case Elements(List<?> parts) -> set(parts, part -> verbatim(part, depth + 1));
        case List<?> list -> {
          List<@Nullable Object> converted =
              list instanceof LinkedList ? new LinkedList<>() : new ArrayList<>(list.size());
          list.forEach(entry -> converted.add(verbatim(entry, depth + 1)));
          yield converted;
        }
        case Tagged tagged when Numbers.isTag(tagged.tag()) -> {
          Number _ = Numbers.untagged(tagged); // whoever it is passed on to may look at it
          yield tagged;
        }
        case Tagged tagged -> asItCame(tagged, depth);
        case null, default -> value;
      };
    }
  }
}
