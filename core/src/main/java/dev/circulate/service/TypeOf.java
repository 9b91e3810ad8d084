package dev.circulate.service;

import dev.circulate.Channel;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The type that an answer is to have, where a {@code Class} cannot say it: a list of what, a
 * channel of what.
 *
 * {@snippet :
 * List<String> names = Request.to(root, "list").as(listOf(String.class));
 * Map<String, List<Integer>> scores =
 *     Request.to(game, "scores").as(new TypeOf<Map<String, List<Integer>>>() {});
 * }
 *
 * @param <T> the type
 */
public abstract class TypeOf<T> {
  private final Type type;

  /** For a subclass, usually anonymous, that says the type in its {@code extends} clause. */
  protected TypeOf() {
    if (!(getClass().getGenericSuperclass() instanceof ParameterizedType parameterized)
        || parameterized.getRawType() != TypeOf.class) {
      throw new IllegalArgumentException(
          getClass() + " does not say its type: write new TypeOf<List<String>>() {}");
    }
    this.type = parameterized.getActualTypeArguments()[0];
  }

  private TypeOf(Type type) {
    this.type = type;
  }

  private static <T> TypeOf<T> known(Type type) {
    return new TypeOf<>(type) {};
  }

  private static <T> TypeOf<T> generic(Class<?> raw, Class<?>... arguments) {
    return known(new Generic(raw, List.of(arguments)));
  }

  /**
   * The type that a class says; {@code int.class} is {@code Integer}.
   *
   * @param type the class
   * @param <T> the type
   */
  public static <T> TypeOf<T> of(Class<T> type) {
    return known(Objects.requireNonNull(type, "type"));
  }

  /**
   * A list.
   *
   * @param element the class of its elements
   * @param <E> the type of its elements
   */
  public static <E> TypeOf<List<E>> listOf(Class<E> element) {
    return generic(List.class, element);
  }

  /**
   * A set.
   *
   * @param element the class of its elements
   * @param <E> the type of its elements
   */
  public static <E> TypeOf<Set<E>> setOf(Class<E> element) {
    return generic(Set.class, element);
  }

  /**
   * A map with strings as keys.
   *
   * @param value the class of its values
   * @param <V> the type of its values
   */
  public static <V> TypeOf<Map<String, V>> mapOf(Class<V> value) {
    return generic(Map.class, String.class, value);
  }

  /**
   * A value that may be missing.
   *
   * @param value the class of the value
   * @param <V> the type of the value
   */
  public static <V> TypeOf<Optional<V>> optionalOf(Class<V> value) {
    return generic(Optional.class, value);
  }

  /**
   * A channel that the caller may take from, put to and close. What is taken is converted.
   *
   * @param value the class of its values
   * @param <V> the type of its values
   */
  public static <V> TypeOf<Channel<V>> channelOf(Class<V> value) {
    return generic(Channel.class, value);
  }

  /** A service's or root's channel. */
  static TypeOf<WritePort<Request>> service() {
    return generic(WritePort.class, Request.class);
  }

  /** The type as reflection says it. */
  public final Type type() {
    return type;
  }

  /**
   * A port shown as one of this type: what is taken from it, in an alts as well, is converted. For
   * a channel of the program's own that a peer puts to, since that sends plain data: a record
   * arrives as a map.
   *
   * {@snippet :
   * Channel<Item> items = channelOf(Item.class).view(chan(16));
   * Request.to(shop, "watch").with("to", items).done();
   * for (Item item : items) {
   *   show(item);
   * }
   * }
   *
   * <p>What is put to it is put to the port, and who is sent it is sent the port. A value that does
   * not fit cancels the channel, if this is a whole one, and is why the take throws.
   *
   * @param port what to show
   * @throws IllegalArgumentException if this is no type of a channel's, or of more than the port is
   */
  @SuppressWarnings("unchecked") // it is looked at
  public final T view(ReadPort<?> port) {
    Class<?> raw = DataMapper.MAPPER.constructType(type).getRawClass();
    if (!ReadPort.class.isAssignableFrom(raw) || !raw.isInstance(port)) {
      throw new IllegalArgumentException(port + " cannot be shown as a " + this);
    }
    return (T) Conversion.to(type).typed(port);
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof TypeOf<?> that && type.equals(that.type);
  }

  @Override
  public final int hashCode() {
    return type.hashCode();
  }

  @Override
  public final String toString() {
    return Conversion.nameOf(type);
  }

  /** A class with type arguments. */
  private record Generic(Class<?> raw, List<Class<?>> arguments) implements ParameterizedType {
    @Override
    public Type[] getActualTypeArguments() {
      return arguments.toArray(Type[]::new);
    }

    @Override
    public Type getRawType() {
      return raw;
    }

    @Override
    public @Nullable Type getOwnerType() {
      return null;
    }

    @Override
    public String getTypeName() {
      return arguments.stream()
          .map(Type::getTypeName)
          .collect(Collectors.joining(", ", raw.getTypeName() + "<", ">"));
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof ParameterizedType that
          && raw.equals(that.getRawType())
          && that.getOwnerType() == null
          && Arrays.equals(getActualTypeArguments(), that.getActualTypeArguments());
    }

    @Override
    public int hashCode() {
      return arguments.hashCode() ^ raw.hashCode();
    }
  }
}
