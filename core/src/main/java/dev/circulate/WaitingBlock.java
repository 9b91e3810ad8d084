package dev.circulate;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A go block that waits for a channel: which, in which operation, since when.
 *
 * @param name the block's name; empty if it has none
 * @param threadId its thread's number, as in a thread dump
 * @param waits what it waits for: one operation, or those of an alts
 * @param since when it began to wait
 * @param blocker what its thread is parked on, as a thread dump written by {@code jcmd} names it
 */
public record WaitingBlock(
    String name, long threadId, List<Wait> waits, Instant since, String blocker) {

  /** What a block waits to do. */
  public enum Operation {
    /** To take a value. */
    TAKE,
    /** To put a value. */
    PUT
  }

  /**
   * One operation that waits.
   *
   * @param operation which way the value would move
   * @param channel how the channel calls itself
   */
  public record Wait(Operation operation, String channel) {
    /** Checks that nothing is missing. */
    public Wait {
      Objects.requireNonNull(operation, "operation");
      Objects.requireNonNull(channel, "channel");
    }

    @Override
    public String toString() {
      return (operation == Operation.TAKE ? "take from " : "put to ") + channel;
    }
  }

  /** Checks that nothing is missing. */
  public WaitingBlock {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(since, "since");
    Objects.requireNonNull(blocker, "blocker");
    waits = List.copyOf(waits);
  }

  /** What it waits for, in words: {@code take from channel 'pages'}. */
  public String operation() {
    return waits.size() == 1
        ? waits.getFirst().toString()
        : waits.stream().map(Wait::toString).collect(Collectors.joining(", ", "alts (", ")"));
  }

  @Override
  public String toString() {
    return (name.isEmpty() ? "a go block" : "go block '" + name + "'")
        + " #"
        + threadId
        + " waits to "
        + operation()
        + " since "
        + since
        + " on "
        + blocker;
  }
}
