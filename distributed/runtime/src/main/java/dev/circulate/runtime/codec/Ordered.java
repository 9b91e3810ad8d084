package dev.circulate.runtime.codec;

import com.cognitect.transit.ArrayReadHandler;
import com.cognitect.transit.ArrayReader;
import com.cognitect.transit.MapReader;
import com.cognitect.transit.ReadHandler;
import java.io.Serial;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Collections that keep the order in which they came, and take no room for what was only promised:
 * a frame that claims a million entries has to send them first.
 */
final class Ordered {
  static final MapReader<Map<Object, Object>, Map<Object, Object>, Object, Object> MAPS =
      new Maps();
  static final ArrayReader<List<Object>, List<Object>, Object> LISTS = new Lists();
  static final ReadHandler<Elements, Object> SETS = new Parts<>("a set", Elements::new);
  static final ReadHandler<Pairs, Object> PAIRS =
      new Parts<>("a map with keys that are no texts", Pairs::new);

  private static final int MOST_AT_ONCE = 64;

  private Ordered() {}

  /** A map in the making; {@link Incoming} makes the one that a program sees. */
  private static final class CheckedMap<K extends @Nullable Object, V extends @Nullable Object>
      extends LinkedHashMap<K, V> {
    @Serial private static final long serialVersionUID = 1;

    private final transient Collisions collisions = new Collisions();

    CheckedMap(int size) {
      super(size);
    }

    @Override
    public @Nullable V put(K key, V value) {
      if (isNoText(key)) {
        throw new CodecException("a map with keys that are no texts is written in pairs");
      }
      int _ = collisions.note(key);
      return super.put(key, value);
    }

    /** Whether transit has no text for it: in pairs it takes twice the room in a collection. */
    private static boolean isNoText(@Nullable Object key) {
      return switch (key) {
        case Collection<?> _, Map<?, ?> _, Elements _, Pairs _, Reference _ -> true;
        case Tagged(String tag, _) -> tag.length() > 1;
        case null, default -> false;
      };
    }
  }

  private static final class Maps
      implements MapReader<Map<Object, Object>, Map<Object, Object>, Object, Object> {
    @Override
    public Map<Object, Object> init() {
      return new CheckedMap<>(16);
    }

    @Override
    public Map<Object, Object> init(int size) {
      return new CheckedMap<>(Math.min(size, MOST_AT_ONCE) * 4 / 3 + 1);
    }

    @Override
    public Map<Object, Object> add(Map<Object, Object> map, Object key, Object value) {
      map.put(key, value);
      return map;
    }

    @Override
    public Map<Object, Object> complete(Map<Object, Object> map) {
      return map;
    }
  }

  private static final class Lists implements ArrayReader<List<Object>, List<Object>, Object> {
    @Override
    public List<Object> init() {
      return new ArrayList<>();
    }

    @Override
    public List<Object> init(int size) {
      return new ArrayList<>(Math.min(size, MOST_AT_ONCE));
    }

    @Override
    public List<Object> add(List<Object> list, Object value) {
      list.add(value);
      return list;
    }

    @Override
    public List<Object> complete(List<Object> list) {
      return list;
    }
  }

  /** What stands in an array, of which something is made in the end. */
  private record Parts<T>(String what, Function<List<@Nullable Object>, T> complete)
      implements ArrayReadHandler<List<@Nullable Object>, T, Object, Object>,
          ArrayReader<List<@Nullable Object>, T, Object> {
    @Override
    public T fromRep(Object representation) {
      throw new CodecException(what + " is written as an array");
    }

    @Override
    public ArrayReader<List<@Nullable Object>, T, Object> arrayReader() {
      return this;
    }

    @Override
    public List<@Nullable Object> init() {
      return new ArrayList<>();
    }

    @Override
    public List<@Nullable Object> init(int size) {
      return new ArrayList<>(Math.min(size, MOST_AT_ONCE));
    }

    @Override
    public List<@Nullable Object> add(List<@Nullable Object> parts, @Nullable Object part) {
      parts.add(part);
      return parts;
    }

    @Override
    public T complete(List<@Nullable Object> parts) {
      return complete.apply(parts);
    }
  }
}
