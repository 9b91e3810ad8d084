package dev.circulate;

import dev.circulate.internal.Parked;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/**
 * Which go blocks wait for which channel, in which operation, since when: the first thing to look
 * at when a program stands still.
 *
 * {@snippet :
 * Blocks.dump(System.err);
 * }
 *
 * <p>Always on. Blocks and channels are easier to recognise with names: {@link Csp#go(String,
 * Csp.Body)}, {@link Channel#builder()}. A block that runs, or waits for something else (a lock, a
 * socket, a sleep), is not listed; a thread dump ({@code jcmd PID Thread.dump_to_file}) has all,
 * and names what a block is parked on as {@link WaitingBlock#blocker()} does.
 *
 * <p>Never blocks, and stops nothing meanwhile: each block was waiting when it was looked at, not
 * all at one moment.
 */
public final class Blocks {
  private static final int MOST = 1_000;

  private Blocks() {}

  /** The go blocks that wait for a channel, the longest waiting first. */
  public static List<WaitingBlock> waiting() {
    return Parked.blocks().sorted(Comparator.comparing(WaitingBlock::since)).toList();
  }

  /**
   * Writes a line for each of up to 1,000 go blocks that wait for a channel, in no particular
   * order, and how many more there are.
   *
   * @param out where to write
   * @throws IOException if that fails to be written to
   */
  public static void dump(Appendable out) throws IOException {
    dump(out, MOST);
  }

  /**
   * Writes a line for each go block that waits for a channel, up to a number, and how many more
   * there are. Needs no memory for those that it does not write.
   *
   * @param out where to write
   * @param most how many to write; at least 0
   * @throws IOException if that fails to be written to
   * @throws IllegalArgumentException if the number is negative
   */
  public static void dump(Appendable out, int most) throws IOException {
    Objects.requireNonNull(out, "out");
    if (most < 0) {
      throw new IllegalArgumentException("dump writes at most a number of blocks, not " + most);
    }
    Instant now = Instant.now();
    long count = 0;
    for (Iterator<WaitingBlock> blocks = Parked.blocks().iterator(); blocks.hasNext(); count++) {
      WaitingBlock block = blocks.next();
      if (count < most) {
        out.append(line(block, now)).append('\n');
      }
    }
    if (count > most) {
      out.append("and ").append(Long.toString(count - most)).append(" more\n");
    } else if (count == 0) {
      out.append("no go block waits for a channel\n");
    }
  }

  private static String line(WaitingBlock block, Instant now) {
    long waited = Math.max(0, Duration.between(block.since(), now).toMillis());
    return "#%d \"%s\" waits %d.%03d s to %s on <%s>"
        .formatted(
            block.threadId(),
            block.name(),
            waited / 1000,
            waited % 1000,
            block.operation(),
            block.blocker());
  }
}
