package dev.circulate.service;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.NullValueProvider;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.deser.std.CollectionDeserializer;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.CollectionType;
import dev.circulate.internal.Alike;
import java.io.IOException;
import java.util.AbstractCollection;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Has a Jackson mapper refuse a set with many elements of one hash code, which a caller may have
 * chosen: each is compared with all others.
 */
final class SetsModule extends SimpleModule {
  private static final long serialVersionUID = 1;

  /** Those that look for an element by its hash code. */
  private static final Set<Class<?>> HASHED = Set.of(HashSet.class, LinkedHashSet.class);

  SetsModule() {
    super("sets");
    setDeserializerModifier(new Sets());
  }

  private static final class Sets extends BeanDeserializerModifier {
    private static final long serialVersionUID = 1;

    @Override
    public JsonDeserializer<?> modifyCollectionDeserializer(
        DeserializationConfig config,
        CollectionType type,
        BeanDescription description,
        JsonDeserializer<?> jacksons) {
      return jacksons instanceof CollectionDeserializer known && HASHED.contains(type.getRawClass())
          ? new OfFewAlike(known)
          : jacksons;
    }
  }

  private static final class OfFewAlike extends CollectionDeserializer {
    private static final long serialVersionUID = 1;

    OfFewAlike(CollectionDeserializer jacksons) {
      super(jacksons);
    }

    private OfFewAlike(
        JavaType type,
        JsonDeserializer<Object> elements,
        @Nullable TypeDeserializer types,
        ValueInstantiator instantiator,
        @Nullable JsonDeserializer<Object> delegate,
        NullValueProvider nulls,
        @Nullable Boolean unwrapsSingle) {
      super(type, elements, types, instantiator, delegate, nulls, unwrapsSingle);
    }

    @Override
    @SuppressWarnings("unchecked") // as Jackson's own
    protected CollectionDeserializer withResolved(
        @Nullable JsonDeserializer<?> delegate,
        JsonDeserializer<?> elements,
        @Nullable TypeDeserializer types,
        NullValueProvider nulls,
        @Nullable Boolean unwrapsSingle) {
      return new OfFewAlike(
          _containerType,
          (JsonDeserializer<Object>) elements,
          types,
          _valueInstantiator,
          (JsonDeserializer<Object>) delegate,
          nulls,
          unwrapsSingle);
    }

    @Override
    public Collection<Object> deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      Collection<Object> read = super.deserialize(in, context);
      return read instanceof Counted counted ? counted.elements : read;
    }

    @Override
    protected Collection<Object> createDefaultInstance(DeserializationContext context)
        throws IOException {
      return new Counted(super.createDefaultInstance(context));
    }
  }

  /** A set in the making. */
  private static final class Counted extends AbstractCollection<Object> {
    private final Collection<Object> elements;
    private final Alike alike = new Alike();

    Counted(Collection<Object> elements) {
      this.elements = elements;
    }

    @Override
    public boolean add(Object element) {
      boolean isNew = elements.add(element);
      if (isNew && alike.note(element) > Alike.MOST) {
        throw new IllegalArgumentException(
            "more than " + Alike.MOST + " elements of a set have the same hash code");
      }
      return isNew;
    }

    @Override
    public Iterator<Object> iterator() {
      return elements.iterator();
    }

    @Override
    public int size() {
      return elements.size();
    }
  }
}
