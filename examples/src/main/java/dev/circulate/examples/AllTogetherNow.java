package dev.circulate.examples;

import static dev.circulate.service.TypeOf.listOf;

import dev.circulate.Channel;
import dev.circulate.GoFor;
import dev.circulate.WritePort;
import dev.circulate.runtime.Limits;
import dev.circulate.runtime.Peer;
import dev.circulate.service.CallError;
import dev.circulate.service.Request;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One program in two processes: this one asks, {@link ServerProcess} answers, over a WebSocket.
 *
 * <p>It starts the server, calls its root, fetches a service from it and calls that, all in one
 * GoFor with a parallel step in the middle. Then it kills the server in the middle of a call and
 * tells how long it took to notice.
 */
public final class AllTogetherNow {
  /** A link that breaks may be followed by another for a second, and then the peer is lost. */
  private static final Limits PATIENCE = Limits.builder().grace(Duration.ofSeconds(1)).build();

  private AllTogetherNow() {}

  /** What came back. */
  private record Result(int answer, SortedSet<String> services, int get42, long process) {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Process server = startServer();
    try (BufferedReader said = server.inputReader()) {
      String address = said.readLine();
      if (address == null) {
        throw new IOException("the server did not start; what it said stands above");
      }
      URI uri = URI.create(address);
      try (Peer peer = Peer.to(uri).limits(PATIENCE).connect()) {
        IO.println("client in process " + ProcessHandle.current().pid() + ", server at " + uri);
        ask(peer.root());
        loseThePeer(peer.root(), server);
      }
    } finally {
      server.destroyForcibly().waitFor();
    }
  }

  private static void ask(WritePort<Request> bRoot) throws InterruptedException {
    Channel<Result> results =
        GoFor.of(
                g -> {
                  g.ask("incremented", bRoot, "inc").done();

                  // one parallel step: three requests are under way before the first answer is here
                  var answer = g.ask("answer", bRoot, "get").begin(int.class);
                  var services = g.ask("services", bRoot, "list").begin(listOf(String.class));
                  var found =
                      g.ask("service", bRoot, "get-service")
                          .with("service", "42")
                          .begin(Request.CHANNEL);
                  g.join(Duration.ofSeconds(45));

                  // the service is a channel that came inside an answer
                  int get42 = g.ask("answer2", found.get(), "get-42").as(int.class);
                  long process = g.ask("process", bRoot, "pid").as(long.class);
                  return new Result(answer.get(), new TreeSet<>(services.get()), get42, process);
                })
            .onError(
                (error, variable) -> {
                  IO.println("no " + variable + ": " + error.message());
                  return null;
                })
            .start();
    for (Result result : results) {
      IO.println(
          "result: answer=%d services=%s get-42=%d"
              .formatted(result.answer(), result.services(), result.get42()));
      IO.println("answered by process " + result.process());
    }
  }

  /** The call would wait for 30 s; it ends when the other process is not back within a second. */
  private static void loseThePeer(WritePort<Request> bRoot, Process server)
      throws InterruptedException {
    Channel<String> outcome =
        GoFor.of(
                g -> {
                  g.ask("nothing", bRoot, "wait-for-ever").done();
                  return "answered";
                })
            .onError(
                (error, _) ->
                    switch (error) {
                      case CallError.PeerLost _ -> "peer lost";
                      case CallError other -> other.message();
                    })
            .start();
    long killed = System.nanoTime();
    server.destroyForcibly();
    String seen = outcome.take();
    IO.println(seen + " after " + (System.nanoTime() - killed) / 1_000_000 + " ms");
  }

  private static Process startServer() throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"),
            "-cp",
            System.getProperty("java.class.path"),
            ServerProcess.class.getName(),
            "ws://127.0.0.1:0/csp")
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
