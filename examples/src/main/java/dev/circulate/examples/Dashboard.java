package dev.circulate.examples;

import static dev.circulate.Csp.pipe;
import static dev.circulate.Csp.sliding;
import static dev.circulate.Csp.ticker;

import com.sun.management.OperatingSystemMXBean;
import dev.circulate.Channel;
import dev.circulate.Gathering;
import dev.circulate.Mult;
import dev.circulate.SlowTap;
import dev.circulate.WritePort;
import dev.circulate.service.Command;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Figures of this process, as they come, for any number of pages. Each page has a sliding buffer of
 * one: a slow one gets the newest figure when it is ready for another, misses those between, and
 * costs the server no more than a quick one.
 */
public final class Dashboard {
  /**
   * What was measured at one moment.
   *
   * @param number counts the moments
   * @param leftOut how many figures slow pages have missed so far
   * @param load how busy the machine is, from 0 to 1
   * @param heap how much memory is in use, in megabytes
   */
  record Figure(long number, long leftOut, double load, double heap) {}

  private final OperatingSystemMXBean machine =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final AtomicLong leftOut = new AtomicLong();
  private final AtomicLong made = new AtomicLong();
  private final Mult<Figure> figures;
  private double load;

  Dashboard(Duration period) {
    figures = Mult.of(pipe(ticker(period), 1, Gathering.map(_ -> measure())));
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    PageServer.serveUntilEnter(PageServer.start("dashboard", new Dashboard(Duration.ofMillis(50))));
  }

  /** Puts figures into a channel, until that closes or its page is lost. */
  @Command
  void subscribe(WritePort<Figure> to) {
    Channel<Figure> newest =
        Channel.<Figure>builder()
            .buffer(sliding(1))
            .onUndelivered(_ -> leftOut.incrementAndGet())
            .open();
    pipe(figures.tap(newest, SlowTap.DROP), to); // when `to` has ended, so has the tap
  }

  /** How many figures were made. */
  long made() {
    return made.get();
  }

  /** How many figures pages missed that were slow, or gone. */
  long leftOut() {
    return leftOut.get();
  }

  private Figure measure() {
    double now = machine.getCpuLoad();
    if (now >= 0) {
      load += (now - load) / 10; // smooth
    }
    Runtime memory = Runtime.getRuntime();
    double heap = (memory.totalMemory() - memory.freeMemory()) / 1e6;
    return new Figure(made.incrementAndGet(), leftOut.get(), load, heap);
  }
}
