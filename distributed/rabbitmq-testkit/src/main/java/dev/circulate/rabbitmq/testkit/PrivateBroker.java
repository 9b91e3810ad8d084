package dev.circulate.rabbitmq.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A RabbitMQ of its own, started from an installed {@code rabbitmq-server}: own port, own node
 * name, own data folder, gone at the end, which is the JVM's at the latest. It can be stopped,
 * killed and started again; what is durable stays in between.
 *
 * <p>Not safe for use by several threads.
 */
public final class PrivateBroker implements Broker {
  private static final Path SERVER = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");
  private static final Path CONTROL = SERVER.resolveSibling("rabbitmqctl");
  private static final String NAMES = "epmd";
  private static final String UP = "completed with";
  private static final String CONFIGURATION = "rabbitmq.conf";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Programs programs;
  private final Duration patience;
  private final Path folder;
  private final Ports ports;
  private final Thread atExit = new Thread(this::leaveNothing, "end of the private broker");
  private @Nullable Process process;

  /** Where it listens for clients, for other nodes, and for who asks where the nodes are. */
  private record Ports(int clients, int nodes, int names) {}

  /** The broker's, and the one that tells where the nodes are. */
  private record Programs(Path server, String names) {}

  private PrivateBroker(Programs programs, Duration patience, Path folder, Ports ports) {
    this.programs = programs;
    this.patience = patience;
    this.folder = folder;
    this.ports = ports;
  }

  /** Whether there is a server to start. */
  public static boolean isInstalled() {
    return Files.isExecutable(SERVER);
  }

  /**
   * Starts one, which takes some seconds.
   *
   * @param settings lines of its {@code rabbitmq.conf}
   * @throws IOException if it is not installed, or does not come up; the message has what it said
   */
  public static PrivateBroker start(String... settings) throws IOException {
    if (!isInstalled()) {
      throw new IOException("no RabbitMQ is installed: there is no " + SERVER);
    }
    return start(SERVER, NAMES, PATIENCE, settings);
  }

  /**
   * Starts one.
   *
   * @param server the program
   * @param names the program that tells where the nodes are
   * @param patience how long it may take to come up
   */
  static PrivateBroker start(Path server, String names, Duration patience, String... settings)
      throws IOException {
    Path folder = Files.createTempDirectory("circulate-rabbitmq");
    Files.write(folder.resolve(CONFIGURATION), List.of(settings));
    PrivateBroker broker =
        new PrivateBroker(new Programs(server, names), patience, folder, freePorts());
    Runtime.getRuntime().addShutdownHook(broker.atExit);
    boolean started = false;
    try {
      broker.up();
      started = true;
      return broker;
    } finally {
      if (!started) {
        broker.close();
      }
    }
  }

  private static Ports freePorts() throws IOException {
    try (ServerSocket clients = free();
        ServerSocket nodes = free();
        ServerSocket names = free()) {
      return new Ports(clients.getLocalPort(), nodes.getLocalPort(), names.getLocalPort());
    }
  }

  private static ServerSocket free() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  /**
   * Starts it again after it was stopped or killed, with what it had on disk.
   *
   * @throws IOException if it does not come up; the message has what it said
   */
  public void up() throws IOException {
    if (process != null) {
      throw new IllegalStateException("the broker runs");
    }
    Process started = process(programs.server.toString()).start();
    process = started;
    started.getOutputStream().close();
    Output output = new Output();
    Thread.ofVirtual()
        .name("output of the private broker")
        .start(() -> output.read(started.inputReader(StandardCharsets.UTF_8)));
    if (!output.saysUp(patience)) {
      kill();
      throw new IOException("RabbitMQ did not come up and said:\n" + output);
    }
  }

  private ProcessBuilder process(String... command) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment());
    return builder;
  }

  private Map<String, String> environment() {
    return Map.ofEntries(
        // the cookie is written there, and the server runs as this user
        Map.entry("HOME", folder.toString()),
        // one process, which the signals reach
        Map.entry("RUNNING_UNDER_SYSTEMD", "true"),
        Map.entry("RABBITMQ_NODENAME", "circulate" + ports.clients + "@localhost"),
        Map.entry("RABBITMQ_NODE_PORT", Integer.toString(ports.clients)),
        Map.entry("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
        Map.entry("RABBITMQ_DIST_PORT", Integer.toString(ports.nodes)),
        Map.entry("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString()),
        Map.entry("RABBITMQ_LOG_BASE", folder.resolve("log").toString()),
        Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("plugins").toString()),
        Map.entry("RABBITMQ_CONFIG_FILE", folder.resolve(CONFIGURATION).toString()),
        Map.entry("ERL_EPMD_PORT", Integer.toString(ports.names)),
        Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"));
  }

  /** What the server says, which must not wait for somebody to read it. */
  private static final class Output {
    private final Queue<String> said = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Boolean> up = new CompletableFuture<>();

    void read(BufferedReader lines) {
      try (lines) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (!up.isDone()) {
            said.add(line);
          }
          if (line.contains(UP)) {
            up.complete(true);
          }
        }
      } catch (IOException _) {
        // the server is gone
      }
      up.complete(false);
    }

    boolean saysUp(Duration patience) {
      return up.completeOnTimeout(false, patience.toNanos(), TimeUnit.NANOSECONDS).join();
    }

    @Override
    public String toString() {
      return String.join("\n", said);
    }
  }

  /**
   * Runs {@code rabbitmqctl} on it, which takes a second or two.
   *
   * @param command a command and its arguments
   * @return what that says
   * @throws IOException if it does not end well; the message has what it said
   */
  public String control(String... command) throws IOException {
    List<String> line = new ArrayList<>(List.of(CONTROL.toString()));
    line.addAll(List.of(command));
    Process running = process(line.toArray(String[]::new)).start();
    String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!hasEnded(running)) {
      running.destroyForcibly();
      throw new IOException(line + " did not end in " + PATIENCE + " and said:\n" + said);
    }
    if (running.exitValue() != 0) {
      throw new IOException(line + " ended with " + running.exitValue() + " and said:\n" + said);
    }
    return said;
  }

  /** Stops it in order. */
  public void stop() {
    end(Process::destroy);
  }

  /** Ends it as a power cut does. */
  public void kill() {
    end(Process::destroyForcibly);
  }

  private void end(Consumer<Process> how) {
    Process running = process;
    if (running == null) {
      return;
    }
    List<ProcessHandle> children = running.descendants().toList();
    how.accept(running);
    if (!hasEnded(running)) {
      running.destroyForcibly();
      awaitEnd(running.onExit());
    }
    // its ports are free, and its name, when all of it is gone
    for (ProcessHandle child : children) {
      child.destroyForcibly();
      awaitEnd(child.onExit());
    }
    process = null;
  }

  /**
   * Waits until it has ended, or for as long as that may take. Its handle is not asked: that may
   * say so a moment before the process knows its exit value.
   */
  private static boolean hasEnded(Process process) {
    awaitEnd(process.onExit());
    return !process.isAlive();
  }

  private static void awaitEnd(CompletableFuture<?> end) {
    end.completeOnTimeout(null, PATIENCE.toNanos(), TimeUnit.NANOSECONDS).join();
  }

  @Override
  public URI uri() {
    return URI.create("amqp://127.0.0.1:" + ports.clients);
  }

  @Override
  public String sentence() {
    return "The broker is a private RabbitMQ at port " + ports.clients + " of this machine.";
  }

  @Override
  public boolean isRabbit() {
    return true;
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    stop();
    forget();
  }

  private void leaveNothing() {
    kill();
    forget();
  }

  /** The names' server stays behind otherwise, and so do the files. */
  private void forget() {
    endNames();
    delete();
  }

  private void endNames() {
    ProcessBuilder builder =
        new ProcessBuilder(programs.names, "-port", Integer.toString(ports.names), "-kill");
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    try {
      builder.start().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (IOException _) {
      // where there is no such program, none was started
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void delete() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException _) {
      // what is left is in the folder for temporary files
    }
  }
}
