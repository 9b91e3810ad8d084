package dev.circulate.service;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method, of whatever visibility, a command of the {@link Service} built from its object.
 *
 * <p>Methods of the same command name are its overloads, told apart by the names of their
 * parameters.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Command {
  /**
   * The command's name; if empty, the method's name in kebab-case ({@code plusOne}: {@code
   * plus-one}).
   */
  String value() default "";

  /** What it does, for {@code _commands}. */
  String doc() default "";

  /**
   * Whether asking changes nothing: then a gateway may let it be asked by a {@code GET}, and who
   * asked may ask again.
   */
  boolean readOnly() default false;
}
