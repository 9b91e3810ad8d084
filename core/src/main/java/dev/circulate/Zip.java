package dev.circulate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The go block of {@link Pipes#map}. */
final class Zip<R> {
  private final List<ReadPort<?>> sources;
  private final Channel<R> to;
  private final Function<List<?>, ? extends R> function;

  /** What was taken for the result under way. */
  private final List<Object> taken = new ArrayList<>();

  /** Why it ends, if not because a source has. */
  private @Nullable Throwable cause;

  Zip(List<ReadPort<?>> sources, Channel<R> to, Function<List<?>, ? extends R> function) {
    this.sources = sources;
    this.to = to;
    this.function = function;
  }

  void run() {
    Ports.handOn();
    List<Ports.Watch> watches = Pump.interruptWhenClosed(List.of(to));
    try {
      while (takeEach() && put()) {}
    } catch (Throwable e) {
      cause = e;
    }
    Pump.withdraw(watches);
    if (to.isClosed()) {
      cause = to.closeCause();
    }
    for (int i = taken.size() - 1;
        i >= 0;
        i--) { // of what came from one port twice the later first
      giveBack(sources.get(i), taken.get(i));
    }
    Pump.close(to, cause);
    for (ReadPort<?> source : sources) {
      Pump.cancel(source, cause);
    }
  }

  private boolean takeEach() throws InterruptedException {
    Pump.throwIfInterrupted();
    for (ReadPort<?> source : sources) {
      Object value;
      try {
        value = source.take();
      } catch (ChannelFailedException e) {
        cause = e.getCause();
        return false;
      }
      if (value == null) {
        return false;
      }
      taken.add(value);
    }
    return true;
  }

  private boolean put() throws InterruptedException {
    R result = function.apply(List.copyOf(taken));
    boolean put = to.put(result);
    if (put) {
      taken.clear();
    }
    return put;
  }

  private static <T> void giveBack(ReadPort<T> source, Object value) {
    @SuppressWarnings("unchecked")
    T typed = (T) value;
    Ports.giveBack(source, typed);
  }
}
