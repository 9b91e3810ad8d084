package dev.circulate.service;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method, of whatever visibility, a command of the {@link Service} built from its object.
 * May stand on the method of an interface instead, which then is a typed client's as well.
 *
 * {@snippet :
 * class Shop {
 *   @Command(readOnly = true)
 *   int price(String item, @Default("1") int count) {
 *     return count * cents(item);
 *   }
 * }
 * int price = Request.to(Service.of(new Shop()), "price").with("item", "tea").as(int.class);
 * }
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

  /**
   * What it does, for {@code _commands}; if empty, what the method's Javadoc says, where {@link
   * CommandDocs} has kept it.
   */
  String doc() default "";

  /** Since when it is there, for {@code _commands}; if empty, what the Javadoc says. */
  String since() default "";

  /**
   * Why it should not be used any more, and what instead, for {@code _commands}; if empty, what the
   * Javadoc says. A method with {@link Deprecated} is deprecated without a word as well.
   */
  String deprecated() default "";

  /**
   * The longest that it may take, whatever its caller allows, in ISO-8601 ({@code "PT5S"}); empty
   * if only the caller says. When it has passed, the method is interrupted and its caller answered
   * {@link CallError.Timeout}. Of a stream it is the time until the stream begins.
   */
  String timeout() default "";

  /**
   * Whether asking changes nothing: then a gateway may let it be asked by a {@code GET}, and who
   * asked may ask again.
   */
  boolean readOnly() default false;
}
