package dev.circulate.rabbitmq;

import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.contract.Traffic;
import dev.circulate.rabbitmq.WorkPortsContract.Job;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The ends of a queue of jobs as {@link Traffic} wants them: it puts and takes lists. */
final class JobTraffic {
  private JobTraffic() {}

  /** Puts lists as jobs, and counts. */
  record Putting(WritePort<Job> port, AtomicInteger accepted) implements WritePort<List<Integer>> {
    private static Job job(List<Integer> value) {
      return new Job(value.get(0), value.get(1));
    }

    private boolean counted(boolean put) {
      if (put) {
        accepted.incrementAndGet();
      }
      return put;
    }

    @Override
    public boolean put(List<Integer> value) throws InterruptedException {
      return counted(port.put(job(value)));
    }

    @Override
    public boolean offer(List<Integer> value) {
      return counted(port.offer(job(value)));
    }

    @Override
    public boolean offer(List<Integer> value, Duration timeout) throws InterruptedException {
      return counted(port.offer(job(value), timeout));
    }

    @Override
    public boolean isClosed() {
      return port.isClosed();
    }
  }

  /** Takes jobs as lists, is done with each at once, and counts. */
  record Taking(ReadPort<Work<Job>> port, AtomicInteger taken) implements ReadPort<List<Integer>> {
    private @Nullable List<Integer> done(@Nullable Work<Job> work) {
      if (work == null) {
        return null;
      }
      work.done();
      taken.incrementAndGet();
      return List.of(work.value().putter(), work.value().number());
    }

    @Override
    public @Nullable List<Integer> take() throws InterruptedException {
      return done(port.take());
    }

    @Override
    public @Nullable List<Integer> poll() {
      return done(port.poll());
    }

    @Override
    public @Nullable List<Integer> poll(Duration timeout) throws InterruptedException {
      return done(port.poll(timeout));
    }

    @Override
    public List<List<Integer>> drain(int most) {
      return port.drain(most).stream().map(this::done).map(Objects::requireNonNull).toList();
    }

    @Override
    public boolean isClosed() {
      return port.isClosed();
    }

    @Override
    public @Nullable Throwable closeCause() {
      return port.closeCause();
    }
  }
}
