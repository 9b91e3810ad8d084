package dev.circulate.benchmarks;

import java.util.List;

/**
 * The heap of a JVM that is measured: with a young generation that has gone round before anything
 * counts.
 *
 * <p>Who allocates in memory that was never touched waits for the system to give each page of it. A
 * young generation of the default size, a good part of the machine's memory, goes round once in
 * some seconds or not at all, by what a library allocates; until then a row of two threads was seen
 * to take twice as long, whatever the library. A small one is behind that in the first warm-up.
 */
final class Heap {
  /** A million go blocks fit. */
  private static final String WHOLE = "-Xmx3g";

  private static final String YOUNG = "-Xmn128m";

  /** The JVM's options. */
  static final List<String> OPTIONS = List.of(WHOLE, YOUNG);

  private Heap() {}
}
