package dev.circulate.service;

import com.fasterxml.jackson.databind.JavaType;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;

/**
 * The types in the methods of a class, inherited ones included: a type variable is what the class
 * says that it is; where nobody says, what bounds it.
 */
final class MemberTypes {
  private final JavaType type;

  /** Those in the methods of a class. */
  MemberTypes(Class<?> type) {
    this.type = DataMapper.MAPPER.constructType(type);
  }

  /** What a method answers. */
  Type result(Method method) {
    return resolved(method, method.getGenericReturnType());
  }

  /** What a parameter of a method takes. */
  Type parameter(Method method, Parameter parameter) {
    return resolved(method, parameter.getParameterizedType());
  }

  /** What tells a method from others of its name, and an overridden one not from what overrides. */
  List<Class<?>> erased(Method method) {
    return Arrays.stream(method.getParameters())
        .<Class<?>>map(each -> raw(parameter(method, each)))
        .toList();
  }

  /** A type without its arguments. */
  static Class<?> raw(Type type) {
    return DataMapper.MAPPER.constructType(type).getRawClass();
  }

  private Type resolved(Method method, Type declared) {
    Class<?> owner = method.getDeclaringClass();
    JavaType within = owner.getTypeParameters().length == 0 ? null : type.findSuperType(owner);
    return within == null
        ? declared
        : DataMapper.MAPPER.getTypeFactory().resolveMemberType(declared, within.getBindings());
  }
}
