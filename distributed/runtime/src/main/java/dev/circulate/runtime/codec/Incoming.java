package dev.circulate.runtime.codec;

import com.cognitect.transit.URI;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
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
   * @throws CodecException if it is nested too deep, or what a tag of every peer's is for
   */
  public @Nullable Object convert(@Nullable Object value) {
    return convert(value, 0);
  }

  private @Nullable Object convert(@Nullable Object value, int depth) {
    requireDepth(depth);
    return switch (value) {
      case null -> null;
      case String text -> text;
      case Long number -> Numbers.plain(number);
      case Name name -> name.text();
      case Reference reference -> resolve.apply(reference);
      case Map<?, ?> map -> {
        Map<@Nullable Object, @Nullable Object> converted =
            LinkedHashMap.newLinkedHashMap(map.size());
        Collisions collisions = new Collisions();
        map.forEach(
            (key, entry) -> {
              Object name = convert(key, depth + 1);
              collisions.note(name);
              converted.put(name, convert(entry, depth + 1));
            });
        yield converted;
      }
      case Set<?> set -> {
        Set<@Nullable Object> converted = LinkedHashSet.newLinkedHashSet(set.size());
        Collisions collisions = new Collisions();
        set.forEach(
            entry -> {
              Object element = convert(entry, depth + 1);
              collisions.note(element);
              converted.add(element);
            });
        yield converted;
      }
      case List<?> list -> {
        List<@Nullable Object> converted = new ArrayList<>(list.size());
        list.forEach(entry -> converted.add(convert(entry, depth + 1)));
        yield converted;
      }
      case Tagged tagged -> tagged(tagged, depth);
      case Date moment -> moment.toInstant();
      case URI uri -> uri(uri);
      default -> value;
    };
  }

  private Object tagged(Tagged tagged, int depth) {
    if (Numbers.isTag(tagged.tag())) {
      return Numbers.untagged(tagged);
    } else if (Times.isTag(tagged.tag())) {
      return Times.read(tagged);
    } else if (handlers.reads(tagged.tag())) {
      return handled(tagged, depth);
    }
    return new Tagged(tagged.tag(), verbatim(tagged.representation(), depth + 1));
  }

  private Object handled(Tagged tagged, int depth) {
    Object representation = convert(tagged.representation(), depth + 1);
    if (representation == null) {
      return new Tagged(tagged.tag(), null);
    }
    try {
      return handlers.read(tagged.tag(), representation);
    } catch (RuntimeException e) {
      return new Tagged(tagged.tag(), representation);
    }
  }

  /** The representation of a tagged value, in which nothing but channels is ours to change. */
  @SuppressWarnings("JdkObsolete") // so transit tells a list from an array
  private @Nullable Object verbatim(@Nullable Object value, int depth) {
    requireDepth(depth);
    return switch (value) {
      case Reference reference -> resolve.apply(reference);
      case Map<?, ?> map -> {
        Map<@Nullable Object, @Nullable Object> converted =
            LinkedHashMap.newLinkedHashMap(map.size());
        Collisions collisions = new Collisions();
        map.forEach(
            (key, entry) -> {
              Object name = verbatim(key, depth + 1);
              collisions.note(name);
              converted.put(name, verbatim(entry, depth + 1));
            });
        yield converted;
      }
      case Set<?> set -> {
        Set<@Nullable Object> converted = LinkedHashSet.newLinkedHashSet(set.size());
        Collisions collisions = new Collisions();
        set.forEach(
            entry -> {
              Object element = verbatim(entry, depth + 1);
              collisions.note(element);
              converted.add(element);
            });
        yield converted;
      }
      case List<?> list -> {
        List<@Nullable Object> converted =
            list instanceof LinkedList ? new LinkedList<>() : new ArrayList<>(list.size());
        list.forEach(entry -> converted.add(verbatim(entry, depth + 1)));
        yield converted;
      }
      case Tagged(String tag, Object representation) ->
          new Tagged(tag, verbatim(representation, depth + 1));
      case null, default -> value;
    };
  }

  /** Transit's addresses may be what Java's are not: those go on as they came. */
  private static Object uri(URI uri) {
    try {
      return java.net.URI.create(uri.getValue());
    } catch (IllegalArgumentException e) {
      return new Tagged("r", uri.getValue());
    }
  }

  private void requireDepth(int depth) {
    if (depth > maxDepth) {
      throw new CodecException("a value nested deeper than " + maxDepth + " levels is refused");
    }
  }
}
