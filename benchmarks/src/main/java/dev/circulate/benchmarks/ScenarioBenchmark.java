package dev.circulate.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What JMH runs: one scenario on one library, which gives each pair a fork of its own. A fork sees
 * a single peer and a single shape, so that all calls are monomorphic.
 *
 * <p>{@link Bench} sets the parameters, and by how many operations an invocation is divided.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ScenarioBenchmark {
  @Param("rendezvous 1-1")
  private String scenario = "";

  @Param("CIRCULATE")
  private Library library = Library.CIRCULATE;

  @SuppressWarnings("NullAway.Init")
  private Scenario measured;

  @SuppressWarnings("NullAway.Init")
  private Peer peer;

  /** Loads the library, and nothing of the others. */
  @Setup
  public void load() {
    measured = Scenario.named(scenario);
    peer = library.load();
  }

  /** Runs the scenario once. */
  @Benchmark
  public long run() throws Exception {
    return measured.run(peer);
  }
}
