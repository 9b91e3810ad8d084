package dev.circulate.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes of heap per thing, as the difference of two heaps after a collection, in a JVM of its own.
 * The stacks of parked virtual threads are on the heap as well.
 */
final class Footprint {
  /** What is counted. */
  enum Thing {
    IDLE_0("bytes, idle capacity 0"),
    IDLE_16("bytes, idle capacity 16"),
    PARKED_TAKER("bytes, parked taker with its thread"),
    ABANDONED_TIMEOUT("bytes, abandoned timeout");

    private final String scenario;

    Thing(String scenario) {
      this.scenario = scenario;
    }

    String scenario() {
      return scenario;
    }

    private Object make(Peer peer, int count) throws Exception {
      return switch (this) {
        case IDLE_0 -> channels(peer, 0, count);
        case IDLE_16 -> channels(peer, 16, count);
        case PARKED_TAKER -> peer.parkedTakers(count);
        case ABANDONED_TIMEOUT -> peer.timedTakes(count);
      };
    }

    private static Object[] channels(Peer peer, int capacity, int count) throws Exception {
      Object[] channels = new Object[count];
      for (int i = 0; i < count; i++) {
        channels[i] = peer.idleChannel(capacity);
      }
      return channels;
    }
  }

  private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

  /** Two heaps that differ by less are the same. */
  private static final long NOISE = 16 << 10;

  /** So many that what they do is compiled: an interpreted stack is several times as large. */
  private static final int WARM = 50_000;

  /** What was made, so that no collection takes it before it is counted. */
  private static final List<Object> KEPT = new ArrayList<>();

  private Footprint() {}

  /** Measures in a new JVM with a heap of 4 GB. */
  static double measure(Library library, Thing thing, int count)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-Xmx4g", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(
        List.of(Footprint.class.getName(), library.name(), thing.name(), String.valueOf(count)));
    Process jvm =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> answer = jvm.inputReader().lines().toList();
    if (jvm.waitFor() != 0 || answer.isEmpty()) {
      throw new IOException(
          library.title() + ", " + thing.scenario() + ": the JVM ended with " + jvm.exitValue());
    }
    return Double.parseDouble(answer.getLast());
  }

  /**
   * Prints the bytes of one thing.
   *
   * @param args a {@link Library}, a {@link Thing}, and how many to make
   */
  public static void main(String[] args) throws Exception {
    Peer peer = Library.valueOf(args[0]).load();
    Thing thing = Thing.valueOf(args[1]);
    int count = Integer.parseInt(args[2]);
    KEPT.add(thing.make(peer, WARM));
    long before = settledHeap();
    KEPT.add(thing.make(peer, count));
    long after = settledHeap();
    System.out.println((double) (after - before) / count);
    // without waiting for schedulers whose threads are no daemons
    System.exit(0);
  }

  /** What is in use once all started tasks have parked: when two collections agree. */
  private static long settledHeap() {
    long last;
    long used = collectedHeap();
    do {
      last = used;
      used = collectedHeap();
    } while (Math.abs(used - last) > NOISE);
    return used;
  }

  private static long collectedHeap() {
    MEMORY.gc();
    return MEMORY.getHeapMemoryUsage().getUsed();
  }
}
