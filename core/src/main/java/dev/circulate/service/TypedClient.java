package dev.circulate.service;

import dev.circulate.Deadline;
import dev.circulate.WritePort;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns the calls of an interface's methods into requests. */
final class TypedClient implements InvocationHandler {
  /** What a method is as a request. */
  private record Form(
      String command, List<String> names, Conversion result, boolean interruptible) {}

  private final WritePort<Request> service;
  private final Class<?> type;
  private final Duration limit;
  private final Map<Method, Form> forms;

  /** What the default methods do of interfaces that are not public, which the JDK does not call. */
  private final Map<Method, MethodHandle> defaults;

  private final List<Interceptor> interceptors;

  private TypedClient(
      WritePort<Request> service,
      Class<?> type,
      Duration limit,
      Map<Method, Form> forms,
      Map<Method, MethodHandle> defaults,
      List<Interceptor> interceptors) {
    this.service = service;
    this.type = type;
    this.limit = limit;
    this.forms = forms;
    this.defaults = defaults;
    this.interceptors = List.copyOf(interceptors);
  }

  static <T> T of(
      WritePort<Request> service, Class<T> type, Duration limit, List<Interceptor> interceptors) {
    Objects.requireNonNull(service, "service");
    if (!type.isInterface()) {
      throw new IllegalArgumentException(type.getName() + " is not an interface");
    }
    if (!limit.isPositive()) {
      throw new IllegalArgumentException("a call waits longer than zero, not " + limit);
    }
    MemberTypes types = new MemberTypes(type);
    Map<Method, Form> forms = new HashMap<>();
    Map<Method, MethodHandle> defaults = new HashMap<>();
    for (Method method : type.getMethods()) {
      if (isRequest(method)) {
        forms.put(method, form(method, types.result(method)));
      } else if (method.isDefault()
          && !Modifier.isPublic(method.getDeclaringClass().getModifiers())) {
        defaults.put(method, handle(method));
      }
    }
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            new TypedClient(service, type, limit, forms, defaults, interceptors)));
  }

  /** Whether a method asks for a command: its code is nowhere else, as that of any object is. */
  static boolean isRequest(Method method) {
    return Modifier.isAbstract(method.getModifiers())
        && Arrays.stream(Object.class.getMethods())
            .noneMatch(
                each ->
                    each.getName().equals(method.getName())
                        && Arrays.equals(each.getParameterTypes(), method.getParameterTypes()));
  }

  private static MethodHandle handle(Method method) {
    Class<?> type = method.getDeclaringClass();
    try {
      return MethodHandles.privateLookupIn(type, MethodHandles.lookup())
          .unreflectSpecial(method, type)
          .asFixedArity();
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException(
          method
              + " cannot be called by dev.circulate.core: make its interface public, or let module "
              + type.getModule().getName()
              + " open "
              + type.getPackageName()
              + " to it",
          e);
    }
  }

  /** The command that a method asks for. */
  static String command(Method method) {
    Command named = method.getAnnotation(Command.class);
    return named == null || named.value().isEmpty()
        ? Texts.kebabCase(method.getName())
        : named.value();
  }

  private static Form form(Method method, Type result) {
    if (method.isVarArgs()) {
      throw new IllegalArgumentException(
          method + ": a request cannot have a variable number of arguments: take a List instead");
    }
    List<String> names = new ArrayList<>();
    for (Parameter parameter : method.getParameters()) {
      String name = name(method, parameter);
      if (names.contains(name)) {
        throw new IllegalArgumentException(
            method + ": two of its parameters are called '" + name + "'");
      }
      names.add(name);
    }
    return new Form(
        command(method),
        List.copyOf(names),
        new Conversion(result),
        Arrays.asList(method.getExceptionTypes()).contains(InterruptedException.class)
            || Arrays.asList(method.getExceptionTypes()).contains(Exception.class));
  }

  /** The argument that a parameter is. */
  static String name(Method method, Parameter parameter) {
    Named named = parameter.getAnnotation(Named.class);
    if (named == null && !parameter.isNamePresent()) {
      throw new IllegalArgumentException(
          method
              + ": the names of its parameters are not in the class file: compile with -parameters,"
              + " or write @Named on each");
    }
    String name = named == null ? parameter.getName() : named.value();
    if (name.isEmpty() || name.startsWith("_")) {
      throw new IllegalArgumentException(
          method + ": '" + name + "' cannot be the name of an argument");
    }
    return name;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a client equals itself alone
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    Form form = forms.get(method);
    if (form != null) {
      return call(form, arguments == null ? new Object[0] : arguments);
    }
    MethodHandle hidden = defaults.get(method);
    if (hidden != null) {
      return hidden
          .bindTo(proxy)
          .invokeWithArguments(arguments == null ? new Object[0] : arguments);
    }
    if (method.isDefault()) {
      return InvocationHandler.invokeDefault(proxy, method, arguments);
    }
    return switch (method.getName()) {
      case "equals" -> arguments != null && proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> type.getSimpleName() + " of " + service;
    };
  }

  private @Nullable Object call(Form form, Object[] arguments) throws InterruptedException {
    Map<String, @Nullable Object> message = LinkedHashMap.newLinkedHashMap(arguments.length + 1);
    for (int i = 0; i < arguments.length; i++) {
      message.put(form.names.get(i), arguments[i]);
    }
    try {
      Object answer = interceptors.isEmpty() ? ask(form, message) : intercepted(form, message);
      return form.result.isToNothing() ? null : Answer.converted(form.command, form.result, answer);
    } catch (InterruptedException e) {
      if (form.interruptible) {
        throw e;
      }
      Thread.currentThread().interrupt();
      throw new CallException(
          new CallError.Cancelled(
              "interrupted while waiting for the answer of '" + form.command + "'"));
    }
  }

  private @Nullable Object ask(Form form, Map<String, @Nullable Object> arguments)
      throws InterruptedException {
    try (Answer<Object> answer = new Answer<>(form.command, form.result, limit)) {
      answer.ask(service, arguments);
      return answer.raw();
    }
  }

  private @Nullable Object intercepted(Form form, Map<String, @Nullable Object> message)
      throws InterruptedException {
    message.put(Request.COMMAND, form.command);
    Deadline own = Deadline.after(limit);
    Interceptor.Next chain =
        Interception.chain(interceptors, request -> askAsIntercepted(request, own));
    try {
      return chain.proceed(Request.of(message, own.earlier(Deadline.current())));
    } catch (InterruptedException | CallException e) {
      throw e;
    } catch (Exception e) {
      throw new CallException(CallError.of(e));
    }
  }

  /** Asks what is left of a request when the last interceptor is done with it. */
  private @Nullable Object askAsIntercepted(Request request, Deadline own)
      throws InterruptedException {
    String command = String.valueOf(request.command());
    try (Answer<Object> answer = new Answer<>(command, Conversion.ANYTHING, limit, own)) {
      answer.pass(service, request);
      return answer.raw();
    }
  }
}
