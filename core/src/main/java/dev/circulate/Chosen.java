package dev.circulate;

import dev.circulate.internal.Selection;
import dev.circulate.internal.Time;
import java.util.List;
import java.util.Objects;

/**
 * What was chosen of several operations.
 *
 * @param index which, from 0
 * @param isClosed whether it found its channel closed
 * @param value what it took or put; of no meaning when closed
 */
record Chosen(int index, boolean isClosed, Object value) {
  /** Does one of the operations. */
  static Chosen among(List<Operation<?>> operations) throws InterruptedException {
    Selection selection = new Selection();
    operations.forEach(each -> add(selection, each));
    int index = selection.await(Time.NEVER);
    if (selection.isClosed()) {
      selection.throwCause();
      return new Chosen(index, true, index);
    }
    return new Chosen(index, false, value(operations.get(index), selection));
  }

  private static Object value(Operation<?> operation, Selection selection) {
    return switch (operation) {
      case Operation.Take<?> _ -> Objects.requireNonNull(selection.value());
      case Operation.Put<?> put -> Objects.requireNonNull(put.value());
    };
  }

  private static <T> void add(Selection selection, Operation<T> operation) {
    switch (operation) {
      case Operation.Take<T>(ReadPort<T> port) -> selection.take(port);
      case Operation.Put<T>(WritePort<? super T> port, T value) -> selection.put(port, value);
    }
  }
}
