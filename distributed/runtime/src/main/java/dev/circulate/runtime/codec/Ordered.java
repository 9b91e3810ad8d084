package dev.circulate.runtime.codec;

import com.cognitect.transit.ArrayReadHandler;
import com.cognitect.transit.ArrayReader;
import com.cognitect.transit.MapReader;
import java.io.Serial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collections that keep the order in which they came, and take no room for what was only promised:
 * a frame that claims a million entries has to send them first.
 */
final class Ordered {
  static final MapReader<Map<Object, Object>, Map<Object, Object>, Object, Object> MAPS =
      new Maps();
  static final ArrayReader<List<Object>, List<Object>, Object> LISTS = new Lists();
  static final ArrayReadHandler<Set<Object>, Set<Object>, Object, Object> SETS = new Sets();

  static final ArrayReadHandler<Pairs, Map<@Nullable Object, @Nullable Object>, Object, Object>
      PAIRS = new PairsReader();

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
      collisions.note(key);
      return super.put(key, value);
    }
  }

  /** A set in the making. */
  private static final class CheckedSet extends LinkedHashSet<Object> {
    @Serial private static final long serialVersionUID = 1;

    private final transient Collisions collisions = new Collisions();

    CheckedSet(int size) {
      super(size);
    }

    @Override
    public boolean add(Object element) {
      collisions.note(element);
      return super.add(element);
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

  private static final class Sets
      implements ArrayReadHandler<Set<Object>, Set<Object>, Object, Object>,
          ArrayReader<Set<Object>, Set<Object>, Object> {
    @Override
    public Set<Object> fromRep(Object representation) {
      throw new CodecException("a set is written as an array");
    }

    @Override
    public ArrayReader<Set<Object>, Set<Object>, Object> arrayReader() {
      return this;
    }

    @Override
    public Set<Object> init() {
      return new CheckedSet(16);
    }

    @Override
    public Set<Object> init(int size) {
      return new CheckedSet(Math.min(size, MOST_AT_ONCE) * 4 / 3 + 1);
    }

    @Override
    public Set<Object> add(Set<Object> set, Object value) {
      set.add(value);
      return set;
    }

    @Override
    public Set<Object> complete(Set<Object> set) {
      return set;
    }
  }

  /** A map of which the keys are no texts: they stand in an array, each before its value. */
  static final class Pairs {
    private final Map<@Nullable Object, @Nullable Object> map = new CheckedMap<>(16);
    private @Nullable Object key;
    private boolean keyed;

    void add(@Nullable Object part) {
      if (keyed) {
        map.put(key, part);
      }
      key = part;
      keyed = !keyed;
    }
  }

  private static final class PairsReader
      implements ArrayReadHandler<Pairs, Map<@Nullable Object, @Nullable Object>, Object, Object>,
          ArrayReader<Pairs, Map<@Nullable Object, @Nullable Object>, Object> {
    @Override
    public Map<@Nullable Object, @Nullable Object> fromRep(Object representation) {
      throw new CodecException("a map with keys that are no texts is written as an array");
    }

    @Override
    public ArrayReader<Pairs, Map<@Nullable Object, @Nullable Object>, Object> arrayReader() {
      return this;
    }

    @Override
    public Pairs init() {
      return new Pairs();
    }

    @Override
    public Pairs init(int size) {
      return init();
    }

    @Override
    public Pairs add(Pairs pairs, @Nullable Object part) {
      pairs.add(part);
      return pairs;
    }

    @Override
    public Map<@Nullable Object, @Nullable Object> complete(Pairs pairs) {
      if (pairs.keyed) {
        throw new CodecException("a map has a key without a value");
      }
      return pairs.map;
    }
  }
}
