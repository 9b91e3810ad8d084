package dev.circulate.runtime.codec;

import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A record type as a map of its components, and back: the components must have the types that the
 * record declares, but for enums, {@code Optional}, and numbers that fit.
 */
final class RecordForm<T extends Record> {
  private static final String VARIANT = "type";

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
    if (!(values instanceof Map<?, ?> map)) {
      throw new CodecException("a " + type.getSimpleName() + " is a map of its components");
    }
    @Nullable Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      arguments[i] = fitted(components[i], map.get(components[i].getName()));
    }
    try {
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw new CodecException("no " + type.getSimpleName() + ": " + e.getCause(), e);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      throw new CodecException("no " + type.getSimpleName() + ": " + e.getMessage(), e);
    }
  }

  private @Nullable Object fitted(RecordComponent component, @Nullable Object value) {
    Class<?> wanted = MethodType.methodType(component.getType()).wrap().returnType();
    if (wanted == Optional.class) {
      return Optional.ofNullable(value);
    } else if (value == null || wanted.isInstance(value)) {
      return value;
    } else if (value instanceof Number number && Number.class.isAssignableFrom(wanted)) {
      return fitted(wanted, number);
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

  private static Number fitted(Class<?> wanted, Number number) {
    if (wanted == Double.class || wanted == Float.class) {
      return wanted == Double.class ? (Number) number.doubleValue() : (Number) number.floatValue();
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
}
