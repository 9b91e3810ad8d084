package dev.circulate.runtime;

import dev.circulate.Channel;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The line that the peers of one session talk over, if there is one, and those who watch what
 * becomes of it. Safe for use by several threads.
 *
 * <p>A line is set and taken away by compare-and-set, so it breaks once. What is told of that is
 * told in the order in which it happened.
 */
final class PresentLine {
  private final String peer;
  private final LinkWatches watches = new LinkWatches();
  private final AtomicReference<@Nullable Line> line;

  /** The line that the grace runs for, if there is no other. */
  private volatile @Nullable Line lastBroken;

  PresentLine(String peer, Line first) {
    this.peer = peer;
    this.line = new AtomicReference<>(first);
  }

  /** Null while there is no link. */
  @Nullable Line get() {
    return line.get();
  }

  /** Takes a line away, of which nothing is told; false if it was taken away before. */
  boolean drop(Line present) {
    if (!line.compareAndSet(present, null)) {
      return false;
    }
    lastBroken = present;
    return true;
  }

  /** Takes a line away that may be followed by another; false if it was taken away before. */
  boolean cut(Line broken, String why) {
    synchronized (watches) {
      boolean dropped = drop(broken);
      if (dropped) {
        watches.tell(new LinkEvent.Cut(why));
      }
      return dropped;
    }
  }

  /**
   * Goes on with another line. Whoever makes it knows better whether the former is still there.
   *
   * @return the former
   */
  @Nullable Line replaceBy(Line next) {
    synchronized (watches) {
      Line former = line.getAndSet(next);
      if (former != null) {
        watches.tell(new LinkEvent.Cut("the link to " + peer + " was replaced by the peer"));
      }
      watches.tell(new LinkEvent.Resumed());
      return former;
    }
  }

  /** Whether no other line came after this one broke. */
  boolean isLast(Line broken) {
    return lastBroken == broken && line.get() == null;
  }

  /** Tells those who watch. */
  void tell(LinkEvent event) {
    watches.tell(event);
  }

  /** What becomes of the link from now on, after what is the case now. */
  Channel<LinkEvent> watch() {
    return watches.watch("link to " + peer);
  }
}
