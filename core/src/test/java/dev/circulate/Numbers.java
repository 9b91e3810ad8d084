package dev.circulate;

import java.util.List;
import java.util.stream.IntStream;

/** What tests let go through pipes, and what they find at the end. */
final class Numbers {
  private Numbers() {}

  /** As many as that from 0 on, and the end. */
  static Channel<Integer> numbers(int count) {
    return Pipes.toChan(4, IntStream.range(0, count).boxed().toList());
  }

  /** All that comes until the end. */
  static <T> List<T> all(ReadPort<T> port) {
    return port.stream().toList();
  }
}
