package dev.circulate.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must be true of a simulated world: every value that was put is booked here, and whatever
 * becomes of it. Contradictions are thrown when they are seen.
 */
final class Ledger {
  private enum Put {
    WAITING,
    ACCEPTED,
    REFUSED,
    WITHDRAWN
  }

  /** One value's life. */
  private static final class Entry {
    final String channel;
    final int putter;
    Put put = Put.WAITING;
    int taken;
    int undelivered;

    Entry(String channel, int putter) {
      this.channel = channel;
      this.putter = putter;
    }

    @Override
    public String toString() {
      return "put into %s by port %d: %s, taken %d times, undelivered %d times"
          .formatted(channel, putter, put, taken, undelivered);
    }
  }

  private final Map<Long, Entry> values = new LinkedHashMap<>();

  /** The last value of each putter that each taker got. */
  private final Map<List<Integer>, Long> last = new HashMap<>();

  /** Whether values may have been lost with a process that died. */
  private boolean processDied;

  /** Whether a session ended, with which values may be lost that the hook is told of. */
  private boolean sessionDied;

  /**
   * Values that came home, since their taker was lost with its session: maybe behind later ones.
   */
  private final Set<Long> home = new HashSet<>();

  /** Whether a taker gave up, so that a value may have come home behind a later one. */
  private boolean gaveUp;

  /** What was wrong first; it may have been thrown into the hands of a hook's caller. */
  private @Nullable AssertionError wrong;

  private long calls;
  private long outcomes;

  /** What all frames that were said come down to. */
  private int history;

  long put(String channel, int putter) {
    long value = values.size() + 1L;
    values.put(value, new Entry(channel, putter));
    return value;
  }

  void accepted(long value) {
    settle(value, Put.ACCEPTED);
  }

  void refused(long value) {
    settle(value, Put.REFUSED);
  }

  void withdrawn(long value) {
    settle(value, Put.WITHDRAWN);
  }

  private void settle(long value, Put outcome) {
    Entry entry = entry(value);
    if (entry.put != Put.WAITING) {
      throw wrong("CH-1 a put has one outcome, and then " + outcome, value);
    }
    entry.put = outcome;
    requireNotMoved(value, entry);
  }

  private void requireNotMoved(long value, Entry entry) {
    boolean refused = entry.put == Put.REFUSED || entry.put == Put.WITHDRAWN;
    if (refused && (entry.taken > 0 || entry.undelivered > 0)) {
      throw wrong("CH-5 a value that was not accepted is never taken", value);
    }
  }

  void taken(long value, String channel, int taker) {
    Entry entry = entry(value);
    entry.taken++;
    if (entry.taken > 1) {
      throw wrong("CH-5 a value is taken once", value);
    }
    if (!entry.channel.equals(channel)) {
      throw wrong("a value stays in its channel, and not in " + channel, value);
    }
    if (entry.undelivered > 0 && !sessionDied) {
      throw wrong("CH-13 what is taken is not undelivered", value);
    }
    requireNotMoved(value, entry);
    Long before = last.put(List.of(entry.putter, taker), value);
    if (before != null && before > value && !gaveUp && !home.contains(value)) {
      throw wrong("CH-4 taken by " + taker + " after the later value " + before, value);
    }
  }

  void undelivered(long value) {
    Entry entry = entry(value);
    entry.undelivered++;
    if (entry.taken > 0 && !sessionDied) {
      throw wrong("CH-13 what was taken is not undelivered", value);
    }
    requireNotMoved(value, entry);
  }

  void cameHome(long value) {
    home.add(value);
  }

  void takerGaveUp() {
    gaveUp = true;
  }

  void sessionDied() {
    sessionDied = true;
  }

  void processDied() {
    processDied = true;
    sessionDied = true;
  }

  /** Takes note of a frame: two lives in which the same was said in the same order are one. */
  void said(Frame frame) {
    int hash =
        switch (frame) {
          case Frame.Text(String text) -> text.hashCode();
          case Frame.Binary(byte[] bytes) -> Arrays.hashCode(bytes);
        };
    history = 31 * history + hash;
  }

  int history() {
    return history;
  }

  // ---- calls

  void called() {
    calls++;
  }

  /** A call has ended, in whatever way. */
  void outcome() {
    outcomes++;
  }

  void call(long asked, Object answer) {
    outcome();
    if (!answer.equals(asked)) {
      throw wrong("call " + asked + " was answered " + answer);
    }
  }

  void lost(String why) {
    outcome();
    if (!sessionDied) {
      throw wrong("a call failed although every session lives: " + why);
    }
  }

  // ---- the end

  /** The world is at rest and everything was drained. */
  void close() {
    requireRight();
    if (processDied) {
      return;
    }
    if (calls != outcomes) {
      throw wrong(calls + " calls have " + outcomes + " outcomes");
    }
    List<Long> gone = new ArrayList<>();
    values.forEach(
        (value, entry) -> {
          if (entry.put == Put.WAITING) {
            throw wrong("CH-1 a put has an outcome in the end", value);
          }
          boolean somewhere = entry.taken + entry.undelivered > 0;
          if (entry.put == Put.ACCEPTED && !somewhere) {
            gone.add(value);
          }
        });
    if (!gone.isEmpty()) {
      throw wrong("CH-5 DI-7 accepted values are nowhere: " + gone, gone.getFirst());
    }
  }

  private Entry entry(long value) {
    Entry entry = values.get(value);
    if (entry == null) {
      throw wrong("nobody ever put " + value);
    }
    return entry;
  }

  private AssertionError wrong(String law, long value) {
    return wrong(law + ": " + value + " " + entry(value));
  }

  private AssertionError wrong(String what) {
    AssertionError error = new AssertionError(what);
    if (wrong == null) {
      wrong = error;
    }
    return error;
  }

  /** Fails if anything was wrong until now. */
  void requireRight() {
    if (wrong != null) {
      throw wrong;
    }
  }
}
