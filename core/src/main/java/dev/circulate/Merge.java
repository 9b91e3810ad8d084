package dev.circulate;

import dev.circulate.internal.GoBlock;
import dev.circulate.internal.Pending;
import dev.circulate.internal.Pump;
import dev.circulate.internal.Selection;
import dev.circulate.internal.TakeSide;
import dev.circulate.internal.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The go block of {@link Pipes#merge}. */
final class Merge<T> {
  private final List<ReadPort<? extends T>> open;
  private final Channel<T> to;

  Merge(List<ReadPort<? extends T>> sources, Channel<T> to) {
    sources.forEach(source -> TakeSide.of(source, "a merge"));
    this.open = new ArrayList<>(sources);
    this.to = to;
  }

  void run() {
    GoBlock.handOn();
    List<Pending> watches = Pump.interruptWhenClosed(List.of(to));
    Throwable cause = null;
    try {
      while (!open.isEmpty() && moveOne()) {}
    } catch (ChannelFailedException e) {
      cause = e.getCause();
    } catch (InterruptedException | RuntimeException | Error e) {
      cause = e;
    }
    Pump.withdraw(watches);
    if (to.isClosed()) {
      cause = to.closeCause();
    }
    Pump.close(to, cause);
    Throwable why = cause;
    open.forEach(source -> Pump.cancel(source, why));
  }

  private boolean moveOne() throws InterruptedException {
    Pump.throwIfInterrupted();
    Selection selection = new Selection();
    open.forEach(selection::take);
    int index = selection.await(Time.NEVER);
    if (selection.isClosed()) {
      ReadPort<? extends T> ended = open.remove(index);
      Throwable cause = ended.closeCause();
      if (cause != null) {
        throw new ChannelFailedException(ended.toString(), cause);
      }
      return true;
    }
    return put(open.get(index), Objects.requireNonNull(selection.value()));
  }

  private <S extends T> boolean put(ReadPort<S> source, Object taken) throws InterruptedException {
    @SuppressWarnings("unchecked")
    S value = (S) taken;
    boolean put = false;
    try {
      put = to.put(value);
    } finally {
      if (!put) {
        Pump.giveBack(source, value);
      }
    }
    return put;
  }
}
