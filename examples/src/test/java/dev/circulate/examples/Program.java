package dev.circulate.examples;

import static dev.circulate.contract.Until.until;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Java program in a process of its own, which a test starts, and which does not outlive it. */
final class Program implements AutoCloseable {
  private final Path output = Files.createTempFile("said", ".txt");
  private final Process process;

  private Program(Map<String, String> environment, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    process = builder.start();
  }

  /** Starts one with a class path, a class or source file, and its arguments. */
  static Program start(String classPath, String... program) throws IOException {
    return start(Map.of(), classPath, program);
  }

  /** Starts one that has more in its environment. */
  static Program start(Map<String, String> environment, String classPath, String... program)
      throws IOException {
    // what makes a short program quick
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classPath));
    arguments.addAll(List.of(program));
    return new Program(environment, arguments);
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** What it has said until now, to both of its outputs. */
  String said() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until it has ended well, and answers what it said. */
  String awaitSuccess(Duration patience) throws InterruptedException {
    int exit = awaitEnd(patience);
    if (exit != 0) {
      throw new AssertionError("it ended with " + exit + ", and had said:\n" + said());
    }
    return said();
  }

  /** Waits until it has ended, and answers its exit code. */
  int awaitEnd(Duration patience) throws InterruptedException {
    if (!process.waitFor(patience)) {
      throw new AssertionError("it had not ended after " + patience + ", and had said:\n" + said());
    }
    return process.exitValue();
  }

  /** Kills it, if it has not ended, and those that it started. */
  @Override
  public void close() throws IOException {
    List<ProcessHandle> all = new ArrayList<>(handle().descendants().toList());
    all.add(handle());
    all.forEach(ProcessHandle::destroyForcibly);
    until("all are dead", () -> all.stream().noneMatch(ProcessHandle::isAlive));
    Files.delete(output);
  }
}
