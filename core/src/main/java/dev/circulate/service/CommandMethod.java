package dev.circulate.service;

import com.fasterxml.jackson.databind.JavaType;
import dev.circulate.Channel;
import java.lang.constant.Constable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Currency;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.BaseStream;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** One annotated method: a command, or one of its overloads. */
final class CommandMethod {
  /** What a parameter is that may be left out by its type alone. */
  private static final Map<Class<?>, Object> EMPTY =
      Map.of(
          Optional.class, Optional.empty(),
          OptionalInt.class, OptionalInt.empty(),
          OptionalLong.class, OptionalLong.empty(),
          OptionalDouble.class, OptionalDouble.empty());

  /**
   * A parameter.
   *
   * @param name the argument's name
   * @param type the parameter's type
   * @param said the same, as the code writes it
   * @param conversion to that type
   * @param required whether the caller must give it
   * @param fallback what it is when the caller does not; see {@link #missing()}
   * @param fallbackText how the code writes that; null if it does not
   * @param doc what it is for; empty if nobody says
   */
  record Argument(
      String name,
      Type type,
      AnnotatedType said,
      Conversion conversion,
      boolean required,
      @Nullable Object fallback,
      @Nullable String fallbackText,
      String doc) {
    Map<String, Object> schema() {
      return Schemas.of(type, said);
    }

    /** What it is in a call that does not give it: that call's own, if it can be changed. */
    @Nullable Object missing() throws Conversion.Misfit {
      return fallbackText == null || isImmutable(fallback)
          ? fallback
          : conversion.parse(fallbackText);
    }

    /** Whether it is of a type whose values nobody can change; of others nothing is known. */
    private static boolean isImmutable(@Nullable Object value) {
      return switch (value) {
        case Constable _, BigDecimal _, BigInteger _, UUID _, URI _, Locale _, Currency _ -> true;
        case null -> true;
        default -> value.getClass().getPackageName().equals("java.time");
      };
    }

    @Override
    public String toString() {
      return name
          + ": "
          + conversion
          + (required ? "" : fallbackText == null ? " (optional)" : " = " + fallbackText);
    }
  }

  private final Method method;
  private final MethodHandle handle;
  private final Type result;
  private final String command;
  private final List<Argument> arguments;
  private final Set<String> names;
  private final @Nullable CommandTimeout timeout;

  private CommandMethod(Method method, MethodHandle handle, Type result, List<Argument> arguments) {
    this.method = method;
    this.handle = handle;
    this.result = result;
    this.arguments = arguments;
    String given = annotation(method).value();
    this.command = given.isEmpty() ? Texts.kebabCase(method.getName()) : given;
    this.names =
        arguments.stream().map(Argument::name).collect(Collectors.toCollection(LinkedHashSet::new));
    this.timeout = timeout(method, command);
  }

  private static @Nullable CommandTimeout timeout(Method method, String command) {
    String text = annotation(method).timeout();
    if (text.isEmpty()) {
      return null;
    }
    Duration limit = Texts.duration(text);
    if (!limit.isPositive()) {
      throw unfit(method, "its timeout is a time like PT5S, not '" + text + "'");
    }
    return new CommandTimeout(command, limit);
  }

  /**
   * Makes a command of a method.
   *
   * @param types those of the class that has it
   * @param target the object to call it on; null for a static method
   * @throws IllegalArgumentException if the method cannot be a command; the message says why
   */
  static CommandMethod of(Method method, MemberTypes types, @Nullable Object target) {
    if (method.isVarArgs()) {
      throw unfit(
          method, "a command cannot have a variable number of arguments: take a List instead");
    }
    if (!Modifier.isStatic(method.getModifiers()) && target == null) {
      throw unfit(method, "it is not static: build the service from an object, not from a class");
    }
    List<Argument> arguments = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    for (Parameter parameter : method.getParameters()) {
      Argument argument = argument(method, parameter, types.parameter(method, parameter));
      if (!seen.add(argument.name)) {
        throw unfit(method, "two of its parameters are called '" + argument.name + "'");
      }
      arguments.add(argument);
    }
    return new CommandMethod(
        method, handle(method, target), types.result(method), List.copyOf(arguments));
  }

  private static MethodHandle handle(Method method, @Nullable Object target) {
    try {
      method.setAccessible(true);
      MethodHandle handle = MethodHandles.lookup().unreflect(method);
      if (!Modifier.isStatic(method.getModifiers())) {
        handle = handle.bindTo(target);
      }
      return handle
          .asFixedArity()
          .asSpreader(Object[].class, method.getParameterCount())
          .asType(java.lang.invoke.MethodType.methodType(Object.class, Object[].class));
    } catch (InaccessibleObjectException | IllegalAccessException e) {
      String module = String.valueOf(method.getDeclaringClass().getModule().getName());
      throw new IllegalArgumentException(
          method
              + " cannot be called by dev.circulate.core: let module "
              + module
              + " open "
              + method.getDeclaringClass().getPackageName()
              + " to it",
          e);
    }
  }

  private static Argument argument(Method method, Parameter parameter, Type type) {
    Named named = parameter.getAnnotation(Named.class);
    if (named == null && !parameter.isNamePresent()) {
      throw unfit(
          method,
          "the names of its parameters are not in the class file: compile with -parameters, or"
              + " write @Named on each");
    }
    String name = named == null ? parameter.getName() : named.value();
    if (name.isEmpty() || name.startsWith("_")) {
      throw unfit(method, "'" + name + "' cannot be the name of an argument");
    }
    Conversion conversion = new Conversion(type);
    AnnotatedType said = parameter.getAnnotatedType();
    String doc = KeptDocs.of(method, JavadocText.PARAM + parameter.getName());
    Default fallback = parameter.getAnnotation(Default.class);
    Object empty = EMPTY.get(MemberTypes.raw(type));
    if (fallback == null) {
      return new Argument(name, type, said, conversion, empty == null, empty, null, doc);
    }
    try {
      return new Argument(
          name,
          type,
          said,
          conversion,
          false,
          conversion.parse(fallback.value()),
          fallback.value(),
          doc);
    } catch (Conversion.Misfit e) {
      throw unfit(method, "the default of parameter '" + name + "': " + e.getMessage());
    }
  }

  private static IllegalArgumentException unfit(Method method, String why) {
    return new IllegalArgumentException(
        method.getDeclaringClass().getSimpleName() + "." + method.getName() + ": " + why);
  }

  private static Command annotation(Method method) {
    return java.util.Objects.requireNonNull(method.getAnnotation(Command.class));
  }

  String command() {
    return command;
  }

  String doc() {
    return said(annotation(method).doc(), "");
  }

  /** Since when it is there; empty if nobody says. */
  String since() {
    return said(annotation(method).since(), JavadocText.SINCE);
  }

  boolean isDeprecated() {
    return method.isAnnotationPresent(Deprecated.class) || !deprecated().isEmpty();
  }

  /** Why it should not be used; empty if nobody says, although it may be so. */
  String deprecated() {
    return said(annotation(method).deprecated(), JavadocText.DEPRECATED);
  }

  private String said(String annotated, String part) {
    return annotated.isEmpty() ? KeptDocs.of(method, part) : annotated;
  }

  /** The longest that it may take; null if only the caller says. */
  @Nullable CommandTimeout timeout() {
    return timeout;
  }

  boolean readOnly() {
    return annotation(method).readOnly();
  }

  List<Argument> arguments() {
    return arguments;
  }

  /** The names of all arguments that can be given: what tells overloads apart. */
  Set<String> names() {
    return names;
  }

  /** The type of its answer; a stream's is that of the channel that a caller gets. */
  Type returns() {
    JavaType known = DataMapper.MAPPER.constructType(result);
    if (!known.isTypeOrSubTypeOf(BaseStream.class) && !known.isTypeOrSubTypeOf(Iterator.class)) {
      return result;
    }
    JavaType values =
        known.isTypeOrSubTypeOf(IntStream.class)
            ? DataMapper.MAPPER.constructType(Integer.class)
            : known.isTypeOrSubTypeOf(LongStream.class)
                ? DataMapper.MAPPER.constructType(Long.class)
                : known.isTypeOrSubTypeOf(DoubleStream.class)
                    ? DataMapper.MAPPER.constructType(Double.class)
                    : known.containedTypeOrUnknown(0);
    return DataMapper.MAPPER.getTypeFactory().constructParametricType(Channel.class, values);
  }

  /** The schema of its answer. */
  Map<String, Object> resultSchema() {
    return Schemas.of(returns(), method.getAnnotatedReturnType());
  }

  /**
   * Whether it can be called with exactly the arguments of a message.
   *
   * @param given how many there are
   */
  boolean takes(Map<String, @Nullable Object> message, int given) {
    int known = 0;
    for (Argument argument : arguments) {
      if (message.containsKey(argument.name)) {
        known++;
      } else if (argument.required) {
        return false;
      }
    }
    return known == given;
  }

  /**
   * Converts the arguments and calls the method.
   *
   * @throws CallException if an argument does not convert
   * @throws Exception what the method throws
   */
  @Nullable Object call(Map<String, @Nullable Object> given) throws Exception {
    @Nullable Object[] values = new @Nullable Object[arguments.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(arguments.get(i), given);
    }
    try {
      return handle.invokeExact(values);
    } catch (Throwable e) {
      throw CommandMethod.<Exception>asIs(e);
    }
  }

  /** A method may declare whatever can be thrown, and that is what it has thrown. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // nothing is ever returned
  private static <X extends Throwable> X asIs(Throwable thrown) throws X {
    throw (X) thrown;
  }

  private @Nullable Object value(Argument argument, Map<String, @Nullable Object> given) {
    try {
      return given.containsKey(argument.name)
          ? argument.conversion.convert(given.get(argument.name))
          : argument.missing();
    } catch (Conversion.Misfit misfit) {
      throw new CallException(
          new CallError.InvalidArgument(
              "argument '" + argument.name + "' of '" + command + "': " + misfit.getMessage()));
    }
  }

  /** The parameters, as a person reads them: {@code (x: int, y: String)}. */
  @Override
  public String toString() {
    return arguments.stream().map(Argument::toString).collect(Collectors.joining(", ", "(", ")"));
  }
}
