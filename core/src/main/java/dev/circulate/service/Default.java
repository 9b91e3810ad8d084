package dev.circulate.service;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a parameter of a {@link Command} optional: the value that it has when the caller gives
 * none. Each call has its own.
 *
 * <p>A parameter of type {@link java.util.Optional}, or of one of its kin for numbers, is optional
 * by itself.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface Default {
  /**
   * The value: plain text for a {@code String} parameter, else JSON of what a caller could send
   * ({@code 20}, {@code true}, {@code ["a"]}, {@code "PT1M"}); unquoted text is taken as a string.
   */
  String value();
}
