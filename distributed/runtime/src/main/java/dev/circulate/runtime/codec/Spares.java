package dev.circulate.runtime.codec;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a few parts that are dear to make, for whoever needs one next, of whatever session: as many
 * as can be at work at once.
 *
 * @param <T> what is kept
 */
final class Spares<T extends Spares.Part> {
  /** What may be used again, or may not. */
  interface Part {
    /** Whether it may be used again, when its last use went well. */
    boolean isFit();
  }

  private final MpmcVarHandleArrayQueue<T> idle =
      new MpmcVarHandleArrayQueue<>(Math.max(2, Runtime.getRuntime().availableProcessors()));

  private final Supplier<T> make;

  Spares(Supplier<T> make) {
    this.make = make;
  }

  /** Lends a part; one with which the work fails is not seen again. */
  <R extends @Nullable Object> R use(Function<T, R> work) {
    T kept = idle.poll();
    T part = kept == null ? make.get() : kept;
    R result = work.apply(part);
    if (part.isFit()) {
      boolean _ = idle.offer(part); // one too many is let go
    }
    return result;
  }
}
