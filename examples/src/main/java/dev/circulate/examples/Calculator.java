package dev.circulate.examples;

import dev.circulate.service.Command;

/** A service is any class with annotated methods. */
public class Calculator {
  @Command(doc = "Answers 42, or x + 42.")
  int get42() {
    return 42;
  }

  @Command(doc = "Answers 42, or x + 42.")
  int get42(int x) {
    return x + 42;
  }

  @Command(doc = "Answers x + 1.")
  int plusOne(int x) {
    return x + 1;
  }
}
