package dev.circulate.runtime.codec;

import dev.circulate.internal.Words;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A record type as a map of its components, and back: the components must have the types that the
 * record declares, but for enums, {@code Optional} and its kin, numbers that fit, records that are
 * made of the like, and collections of these.
 */
final class RecordForm<T extends Record> {
  private static final String VARIANT = "type";

  private static final ClassValue<RecordForm<?>> FORMS =
      new ClassValue<>() {
        @Override
        protected RecordForm<?> computeValue(Class<?> type) {
          return new RecordForm<>(type.asSubclass(Record.class));
        }
      };

  private final Class<T> type;
  private final RecordComponent[] components;
  private final Constructor<T> constructor;
  private final boolean isVariant;

  RecordForm(Class<T> type) {
    this.type = type;
    this.components = type.getRecordComponents();
    this.isVariant = Arrays.stream(type.getInterfaces()).anyMatch(Class::isSealed);
    try {
      constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      for (RecordComponent component : components) {
        component.getAccessor().setAccessible(true);
      }
    } catch (NoSuchMethodException | RuntimeException e) {
      throw new CodecException("cannot look into the record " + type.getName(), e);
    }
  }

  /** The form of a record type, which is made once. */
  static RecordForm<?> of(Class<?> type) {
    return FORMS.get(type);
  }

  /** The components by name. */
  Map<String, @Nullable Object> components(Record value) {
    Map<String, @Nullable Object> values = LinkedHashMap.newLinkedHashMap(components.length);
    for (RecordComponent component : components) {
      try {
        values.put(component.getName(), component.getAccessor().invoke(value));
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new CodecException("cannot read " + component.getName() + " of " + type.getName(), e);
      }
    }
    return values;
  }

  /**
   * The components by name, and under {@code type} which variant of a sealed type it is, if it is
   * one and has no component of that name: by their components alone two variants may be the same.
   */
  Map<String, @Nullable Object> data(Record value) {
    Map<String, @Nullable Object> values = components(value);
    if (isVariant) {
      values.putIfAbsent(VARIANT, type.getSimpleName());
    }
    return values;
  }

  /**
   * The record with these components.
   *
   * @throws CodecException if they do not fit, or the record refuses them
   */
  T read(Object values) {
    return read(values, new Effort(0));
  }

  private T read(Object values, Effort effort) {
    if (!(values instanceof Map<?, ?> map)) {
      throw new CodecException("a " + type.getSimpleName() + " is a map of its components");
    }
    @Nullable Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      arguments[i] =
          fitted(
              components[i],
              components[i].getGenericType(),
              map.get(components[i].getName()),
              effort);
    }
    try {
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw new CodecException(
          "no " + type.getSimpleName() + ": " + Words.of(e.getTargetException()), e);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      throw new CodecException("no " + type.getSimpleName() + ": " + e.getMessage(), e);
    }
  }

  private @Nullable Object fitted(
      RecordComponent component, Type declared, @Nullable Object value, Effort effort) {
    effort.came(value);
    Class<?> wanted = raw(declared);
    if (wanted == Optional.class) {
      return Optional.ofNullable(fitted(component, part(declared, 0), value, effort));
    } else if (wanted == OptionalInt.class) {
      Object number = fitted(component, Integer.class, value, effort);
      return number == null ? OptionalInt.empty() : OptionalInt.of((Integer) number);
    } else if (wanted == OptionalLong.class) {
      Object number = fitted(component, Long.class, value, effort);
      return number == null ? OptionalLong.empty() : OptionalLong.of((Long) number);
    } else if (wanted == OptionalDouble.class) {
      Object number = fitted(component, Double.class, value, effort);
      return number == null ? OptionalDouble.empty() : OptionalDouble.of((Double) number);
    } else if (value == null) {
      return null;
    } else if (wanted.isInstance(value)) {
      return withParts(component, declared, value, effort);
    } else if (value instanceof Number number && Number.class.isAssignableFrom(wanted)) {
      return fitted(wanted, number);
    } else if (value instanceof Map<?, ?> && wanted.isRecord()) {
      return of(wanted).read(value, effort);
    } else if (value instanceof String name && wanted.isEnum()) {
      for (Object constant : wanted.getEnumConstants()) {
        if (((Enum<?>) constant).name().equals(name)) {
          return constant;
        }
      }
    }
    throw new CodecException(
        component.getName()
            + " of a "
            + type.getSimpleName()
            + " is a "
            + wanted.getSimpleName()
            + ", not a "
            + value.getClass().getSimpleName());
  }

  /** The same, with what is in a collection as what the declaration says. */
  private Object withParts(RecordComponent component, Type declared, Object value, Effort effort) {
    if (!(declared instanceof ParameterizedType)) {
      return value;
    }
    return switch (value) {
      case List<?> list -> {
        List<@Nullable Object> fitted = new ArrayList<>(list.size());
        list.forEach(part -> fitted.add(fitted(component, part(declared, 0), part, effort)));
        yield fitted;
      }
      case Set<?> set -> {
        Set<@Nullable Object> fitted = LinkedHashSet.newLinkedHashSet(set.size());
        Effort.Keys keys = effort.keys();
        for (Object part : set) {
          keys.next();
          Object element = fitted(component, part(declared, 0), part, effort);
          keys.came(element);
          fitted.add(element);
        }
        yield fitted;
      }
      case Map<?, ?> map -> map(component, declared, map, effort);
      default -> value;
    };
  }

  private Map<@Nullable Object, @Nullable Object> map(
      RecordComponent component, Type declared, Map<?, ?> map, Effort effort) {
    Map<@Nullable Object, @Nullable Object> fitted = LinkedHashMap.newLinkedHashMap(map.size());
    Effort.Keys keys = effort.keys();
    map.forEach(
        (part, value) -> {
          keys.next();
          Object key = fitted(component, part(declared, 0), part, effort);
          keys.came(key);
          fitted.put(key, fitted(component, part(declared, 1), value, effort));
        });
    if (fitted.size() < map.size()) {
      throw new CodecException(
          "two keys in " + component.getName() + " of a " + type.getSimpleName() + " are the same");
    }
    return fitted;
  }

  private static Class<?> raw(Type declared) {
    return switch (declared) {
      case Class<?> plain -> MethodType.methodType(plain).wrap().returnType();
      case ParameterizedType parameterized -> raw(parameterized.getRawType());
      default -> Object.class;
    };
  }

  private static Type part(Type declared, int index) {
    Type part =
        declared instanceof ParameterizedType parameterized
            ? parameterized.getActualTypeArguments()[index]
            : Object.class;
    return part instanceof WildcardType open ? open.getUpperBounds()[0] : part;
  }

  private static Number fitted(Class<?> wanted, Number number) {
    if (wanted == Double.class || wanted == Float.class) {
      return floating(wanted, number);
    }
    BigDecimal exact = new BigDecimal(number.toString());
    if (wanted == Integer.class) {
      return exact.intValueExact();
    } else if (wanted == Long.class) {
      return exact.longValueExact();
    } else if (wanted == Short.class) {
      return exact.shortValueExact();
    } else if (wanted == Byte.class) {
      return exact.byteValueExact();
    }
    return wanted == BigDecimal.class ? exact : exact.toBigIntegerExact();
  }

  /** What is finite does not become infinite. */
  private static Number floating(Class<?> wanted, Number number) {
    Number near =
        wanted == Double.class ? (Number) number.doubleValue() : (Number) number.floatValue();
    if (Double.isInfinite(near.doubleValue()) && isFinite(number)) {
      throw new ArithmeticException(number + " is too large for a " + wanted.getSimpleName());
    }
    return near;
  }

  private static boolean isFinite(Number number) {
    return switch (number) {
      case Double whole -> Double.isFinite(whole);
      case Float half -> Float.isFinite(half);
      default -> true;
    };
  }
}
