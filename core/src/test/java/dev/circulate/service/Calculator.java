package dev.circulate.service;

/** The service of the article. */
class Calculator {
  @Command(doc = "Answers 42, or x + 42.")
  int get42() {
    return 42;
  }

  @Command
  int get42(int x) {
    return x + 42;
  }

  @Command
  int plusOne(int x) {
    return x + 1;
  }

  /** The same as a caller sees it. */
  interface Client {
    int get42();

    int get42(int x);

    int plusOne(int x);
  }
}
