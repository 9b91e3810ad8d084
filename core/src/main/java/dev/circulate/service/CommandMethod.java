package dev.circulate.service;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One annotated method: a command, or one of its overloads. */
final class CommandMethod {

  /**
   * A parameter.
   *
   * @param name the argument's name
   * @param conversion to the parameter's type
   * @param required whether the caller must give it
   * @param fallback what it is when the caller does not
   * @param fallbackText how the code writes that; null if it is required
   */
  record Argument(
      String name,
      Conversion conversion,
      boolean required,
      @Nullable Object fallback,
      @Nullable String fallbackText) {
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
  private final String command;
  private final List<Argument> arguments;
  private final Set<String> names;

  private CommandMethod(Method method, MethodHandle handle, List<Argument> arguments) {
    this.method = method;
    this.handle = handle;
    this.arguments = arguments;
    String given = annotation(method).value();
    this.command = given.isEmpty() ? Texts.kebabCase(method.getName()) : given;
    this.names =
        arguments.stream().map(Argument::name).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * Makes a command of a method.
   *
   * @param target the object to call it on; null for a static method
   * @throws IllegalArgumentException if the method cannot be a command; the message says why
   */
  static CommandMethod of(Method method, @Nullable Object target) {
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
      Argument argument = argument(method, parameter);
      if (!seen.add(argument.name)) {
        throw unfit(method, "two of its parameters are called '" + argument.name + "'");
      }
      arguments.add(argument);
    }
    return new CommandMethod(method, handle(method, target), List.copyOf(arguments));
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

  private static Argument argument(Method method, Parameter parameter) {
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
    Conversion conversion = new Conversion(parameter.getParameterizedType());
    Default fallback = parameter.getAnnotation(Default.class);
    boolean optional = parameter.getType() == Optional.class;
    if (fallback == null) {
      return new Argument(name, conversion, !optional, optional ? Optional.empty() : null, null);
    }
    try {
      return new Argument(
          name, conversion, false, conversion.parse(fallback.value()), fallback.value());
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
    return annotation(method).doc();
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

  String returns() {
    return Conversion.nameOf(method.getGenericReturnType());
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
      Argument argument = arguments.get(i);
      values[i] = given.containsKey(argument.name) ? converted(argument, given) : argument.fallback;
    }
    try {
      return handle.invokeExact(values);
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new java.lang.reflect.UndeclaredThrowableException(e);
    }
  }

  private @Nullable Object converted(Argument argument, Map<String, @Nullable Object> given) {
    try {
      return argument.conversion.convert(given.get(argument.name));
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
