package dev.circulate.websocket;

import dev.circulate.ChannelFailedException;
import dev.circulate.runtime.Limits;
import dev.circulate.runtime.Peer;
import dev.circulate.runtime.Server;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An address space in a process of its own, a server or a client of the test's, which the test
 * asks, kills, stops and lets go on. The process ends when the test's does.
 */
final class FarProcess implements AutoCloseable {
  /** What the process is to the test. */
  enum Role {
    SERVER,
    CLIENT
  }

  private final Process process;
  private final BufferedReader answers;

  /** Where it listens; where it has connected to if it is a client. */
  final URI uri;

  private FarProcess(Process process) throws IOException {
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.uri = URI.create(answer());
  }

  static FarProcess start(Role role, URI uri, Limits limits) throws IOException {
    return new FarProcess(
        new ProcessBuilder(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                FarProcess.class.getName(),
                role.name(),
                uri.toString(),
                limits.beat().toString(),
                limits.grace().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** The limits that both sides of a test keep to. */
  static Limits limits(Duration beat, Duration grace) {
    return Limits.builder().beat(beat).silence(Duration.ofSeconds(20)).grace(grace).build();
  }

  // ---- in the test's process

  private String answer() throws IOException {
    return Objects.requireNonNull(answers.readLine(), "the far process has ended");
  }

  private String ask(String question) throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).append(question).append('\n').flush();
    return answer();
  }

  /** From now on it can be asked of the peer that it has now. */
  void watchPeer() throws IOException {
    ask("watch");
  }

  /** What it holds of its peer's, and its peer of its. */
  String held() throws IOException {
    return ask("held");
  }

  /** Waits until its peer is lost: why it was. */
  String lost() throws IOException {
    return ask("lost");
  }

  /** As a machine does that loses its power. */
  void kill() {
    process.destroyForcibly();
  }

  /** Lets it do nothing, not even end. */
  void stop() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Lets it go on. */
  void goOn() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    if (kill.waitFor() != 0) {
      throw new IOException("kill -" + name + " ended with " + kill.exitValue());
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  // ---- in the process itself

  public static void main(String[] args) throws IOException, InterruptedException {
    URI uri = URI.create(args[1]);
    Limits limits = limits(Duration.parse(args[2]), Duration.parse(args[3]));
    switch (Role.valueOf(args[0])) {
      case SERVER -> {
        try (Server server = Server.at(uri).root(Load.root()).limits(limits).start()) {
          IO.println(server.uri());
          answerQuestions(null, server);
        }
      }
      case CLIENT -> {
        try (Peer peer = Peer.to(uri).root(Load.root()).limits(limits).connect()) {
          IO.println(uri);
          answerQuestions(peer, null);
        }
      }
    }
  }

  private static String lossOf(Peer peer) throws InterruptedException {
    try {
      peer.ended().take();
      return "it has no cause";
    } catch (ChannelFailedException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static void answerQuestions(@Nullable Peer connected, @Nullable Server server)
      throws IOException, InterruptedException {
    BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Peer watched = connected;
    for (String asked = questions.readLine(); asked != null; asked = questions.readLine()) {
      if (asked.equals("watch") && server != null) {
        watched = server.peers().getFirst();
      }
      Peer peer = Objects.requireNonNull(watched, "there was a peer to watch");
      IO.println(
          switch (asked) {
            case "watch" -> peer;
            case "held" -> peer.held();
            case "lost" -> lossOf(peer);
            default -> "what is '" + asked + "'?";
          });
    }
  }
}
