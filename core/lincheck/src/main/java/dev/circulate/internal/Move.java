package dev.circulate.internal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operation answers that it did.
 *
 * @param channel the channel that was chosen, or those that were looked at in vain
 * @param capacity of each of the channels
 */
public record Move(Kind kind, String channel, int value, int capacity) {
  /** The kinds of answers. */
  public enum Kind {
    PUT,
    TOOK,
    /** Nothing could be taken from these channels; the others given were full. */
    NEITHER
  }

  /**
   * What is in the channels after this move; null if it cannot happen then.
   *
   * @param values what is in the channels before, in order
   */
  @Nullable List<Move> from(List<Move> values) {
    return switch (kind) {
      case PUT -> number(values, channel) < capacity ? with(values, this) : null;
      case TOOK -> {
        Move first =
            values.stream().filter(each -> each.channel.equals(channel)).findFirst().orElse(null);
        yield first != null && first.value == value ? without(values, first) : null;
      }
      case NEITHER -> isNothingReady(values) ? values : null;
    };
  }

  /** Whether one handed its value to the other, without a buffer. */
  boolean meets(Move other) {
    return capacity == 0
        && kind == Kind.PUT
        && other.kind == Kind.TOOK
        && channel.equals(other.channel)
        && value == other.value;
  }

  /** The channels are written as the arms were: {@code +a} to put, {@code -a} to take. */
  private boolean isNothingReady(List<Move> values) {
    for (int i = 0; i < channel.length(); i += 2) {
      int number = number(values, channel.substring(i + 1, i + 2));
      if (channel.charAt(i) == '+' ? number < capacity : number > 0) {
        return false;
      }
    }
    return true;
  }

  private static int number(List<Move> values, String channel) {
    return (int) values.stream().filter(each -> each.channel.equals(channel)).count();
  }

  private static List<Move> with(List<Move> values, Move move) {
    List<Move> after = new ArrayList<>(values);
    after.add(move);
    return after;
  }

  /** Removes that very move: the first in the order of its channel. */
  private static List<Move> without(List<Move> values, Move move) {
    List<Move> after = new ArrayList<>(values);
    after.remove(move);
    return after;
  }

  @Override
  public String toString() {
    return kind == Kind.NEITHER ? "neither " + channel : kind + " " + value + " " + channel;
  }
}
