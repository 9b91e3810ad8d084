package dev.circulate.stress;

import java.util.concurrent.Callable;

/** Blocking operations inside an actor, which cannot throw. */
final class Threads {
  private Threads() {}

  /** Calls the body, which nobody interrupts. */
  static <T> T call(Callable<T> body) {
    try {
      return body.call();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Calls the body in a virtual thread of its own. */
  static int callVirtual(Callable<Integer> body) {
    int[] result = new int[1];
    Thread thread = Thread.ofVirtual().start(() -> result[0] = call(body));
    call(
        () -> {
          thread.join();
          return 0;
        });
    return result[0];
  }
}
