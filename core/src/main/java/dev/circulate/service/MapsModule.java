package dev.circulate.service;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.NullValueProvider;
import com.fasterxml.jackson.databind.deser.std.MapDeserializer;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.MapType;
import dev.circulate.internal.Alike;
import java.io.IOException;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Has a Jackson mapper refuse a map with many keys of one hash code, as {@link SetsModule} does of
 * sets: keys of a type of the program's own, of which nobody knows an order.
 */
final class MapsModule extends SimpleModule {
  private static final long serialVersionUID = 1;

  /** Those that look for a key by its hash code. */
  private static final Set<Class<?>> HASHED = Set.of(HashMap.class, LinkedHashMap.class);

  MapsModule() {
    super("maps");
    setDeserializerModifier(new Maps());
  }

  private static final class Maps extends BeanDeserializerModifier {
    private static final long serialVersionUID = 1;

    @Override
    public JsonDeserializer<?> modifyMapDeserializer(
        DeserializationConfig config,
        MapType type,
        BeanDescription description,
        JsonDeserializer<?> jacksons) {
      return jacksons instanceof MapDeserializer known && HASHED.contains(type.getRawClass())
          ? new OfFewAlike(known)
          : jacksons;
    }
  }

  private static final class OfFewAlike extends MapDeserializer {
    private static final long serialVersionUID = 1;

    OfFewAlike(MapDeserializer jacksons) {
      super(jacksons);
    }

    private OfFewAlike(
        MapDeserializer unresolved,
        KeyDeserializer keys,
        JsonDeserializer<Object> values,
        @Nullable TypeDeserializer types,
        NullValueProvider nulls,
        @Nullable Set<String> ignored,
        @Nullable Set<String> included) {
      super(unresolved, keys, values, types, nulls, ignored, included);
    }

    @Override
    @SuppressWarnings("unchecked") // as Jackson's own
    protected MapDeserializer withResolved(
        KeyDeserializer keys,
        @Nullable TypeDeserializer types,
        JsonDeserializer<?> values,
        NullValueProvider nulls,
        @Nullable Set<String> ignored,
        @Nullable Set<String> included) {
      return new OfFewAlike(
          this, keys, (JsonDeserializer<Object>) values, types, nulls, ignored, included);
    }

    @Override
    @SuppressWarnings("unchecked") // a map that is empty yet
    public @Nullable Map<Object, Object> deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      if (_standardStringKey || !in.hasToken(JsonToken.START_OBJECT)) {
        return super.deserialize(in, context);
      }
      Map<Object, Object> read =
          (Map<Object, Object>) _valueInstantiator.createUsingDefault(context);
      Map<Object, Object> _ = _readAndBind(in, context, new Counted(read));
      return read;
    }
  }

  /** A map in the making. */
  private static final class Counted extends AbstractMap<Object, Object> {
    private final Map<Object, Object> entries;
    private final Alike alike = new Alike();

    Counted(Map<Object, Object> entries) {
      this.entries = entries;
    }

    @Override
    public @Nullable Object put(Object key, Object value) {
      int before = entries.size();
      Object former = entries.put(key, value);
      if (entries.size() > before && alike.note(key) > Alike.MOST) {
        throw new IllegalArgumentException(
            "more than " + Alike.MOST + " keys of a map have the same hash code");
      }
      return former;
    }

    @Override
    public Set<Entry<Object, Object>> entrySet() {
      return entries.entrySet();
    }
  }
}
