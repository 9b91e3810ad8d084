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
import org.openjdk.jmh.annotations.TearDown;

/**
 * What JMH runs between two address spaces: one remote scenario on one library, the client in the
 * fork, the server beside it for as long as the fork lives.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RemoteBenchmark {
  @Param("remote calls, WebSocket JSON, 1")
  private String scenario = "";

  @Param("CIRCULATE")
  private Library library = Library.CIRCULATE;

  @SuppressWarnings("NullAway.Init")
  private RemoteScenario measured;

  @SuppressWarnings("NullAway.Init")
  private RemoteServer server;

  @SuppressWarnings("NullAway.Init")
  private RemotePeer peer;

  /** Starts the server and connects to it. */
  @Setup
  public void connect() throws Exception {
    measured = RemoteScenario.named(scenario);
    server = RemoteServer.start(library, measured.link());
    peer = library.connect(measured.link(), server.uri());
  }

  /** Runs the scenario once. */
  @Benchmark
  public long run() throws Exception {
    return measured.run(peer);
  }

  /** Stops the server. */
  @TearDown
  public void disconnect() throws Exception {
    peer.close();
    server.close();
  }
}
