package dev.circulate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The go block of {@link Pipes#merge}. */
final class Merge<T> {
  private final List<ReadPort<? extends T>> sources;
  private final Channel<T> to;
  private final AltsLoop moves = Alts.each();

  Merge(List<ReadPort<? extends T>> sources, Channel<T> to) {
    this.sources = sources;
    this.to = to;
    sources.forEach(this::add);
  }

  private <S extends T> void add(ReadPort<S> source) {
    moves.take(source, value -> put(source, value));
  }

  void run() {
    Ports.handOn();
    List<Ports.Watch> watches = Pump.interruptWhenClosed(List.of(to));
    Throwable cause = null;
    try {
      moves.run();
    } catch (ChannelFailedException e) {
      cause = e.getCause();
    } catch (Throwable e) {
      cause = e;
    }
    Pump.withdraw(watches);
    if (to.isClosed()) {
      cause = to.closeCause();
    }
    end(cause);
  }

  private void end(@Nullable Throwable cause) {
    Pump.close(to, cause);
    sources.forEach(source -> Pump.cancel(source, cause));
  }

  private <S extends T> void put(ReadPort<S> source, S value) throws InterruptedException {
    boolean put = false;
    try {
      put = to.put(value);
    } finally {
      if (!put) {
        Ports.giveBack(source, value);
      }
    }
    if (!put) {
      throw new InterruptedException("nobody wants more from " + source);
    }
  }
}
