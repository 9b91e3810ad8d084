package dev.circulate.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The other side of a remote row.
 *
 * @param uri where it listens
 * @param stop stops it
 */
record RemoteServer(URI uri, Closeable stop) implements Closeable {
  /** Of both sides, each of which is a JVM of its own unless the link is in memory. */
  static final List<String> JVM_OPTIONS =
      Stream.concat(Heap.OPTIONS.stream(), Stream.of("--enable-native-access=ALL-UNNAMED"))
          .toList();

  /** Starts the other side, in a process of its own if the link crosses processes. */
  static RemoteServer start(Library library, RemoteLink link) throws IOException {
    return link.crossesProcesses() ? startProcess(library, link) : library.serve(link);
  }

  private static RemoteServer startProcess(Library library, RemoteLink link) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM_OPTIONS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(RemoteServer.class.getName(), library.name(), link.name()));
    Process jvm =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String uri = jvm.inputReader().readLine();
    if (uri == null) {
      throw new IOException("the server of " + library.title() + " ended before it listened");
    }
    return new RemoteServer(URI.create(uri), () -> stop(jvm));
  }

  private static void stop(Process jvm) throws IOException {
    jvm.outputWriter().close();
    try {
      if (!jvm.waitFor(10, TimeUnit.SECONDS)) {
        jvm.destroyForcibly();
      }
    } catch (InterruptedException e) {
      jvm.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Serves in this process, tells where in a line, and ends with its standard input: also when
   * whoever started it is gone.
   *
   * @param args a {@link Library} and a {@link RemoteLink}
   */
  public static void main(String[] args) throws IOException {
    RemoteServer server = Library.valueOf(args[0]).serve(RemoteLink.valueOf(args[1]));
    System.out.println(server.uri());
    while (System.in.read() >= 0) {
      // nothing is said but the end
    }
    // without waiting for those who are connected
    System.exit(0);
  }

  @Override
  public void close() throws IOException {
    stop.close();
  }
}
