package dev.circulate.runtime.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The batches that were numbered and that the peer has not confirmed, in their order, with what to
 * do if it never does. Not safe for use by several threads.
 */
final class ResendBuffer {
  /** A batch that the peer has not confirmed; its size is not known before it is written. */
  private record Kept(Packet.Batch batch, Runnable lost, int size) {}

  private final Deque<Kept> kept = new ArrayDeque<>();
  private long size;

  boolean isEmpty() {
    return kept.isEmpty();
  }

  /** How much is kept, in characters or bytes. */
  long size() {
    return size;
  }

  /**
   * Keeps a batch, whose size is not known yet.
   *
   * @param lost to be run if the session is over before the peer has confirmed it
   */
  void add(Packet.Batch batch, Runnable lost) {
    kept.addLast(new Kept(batch, lost, 0));
  }

  /** Keeps the last batch no longer, of which the size is not known yet. */
  void takeBack() {
    kept.pollLast();
  }

  /** Takes note of how large the last batch is. */
  void sized(int length) {
    Kept last = kept.pollLast();
    if (last != null) {
      kept.addLast(new Kept(last.batch(), last.lost(), length));
      size += length;
    }
  }

  /** The peer has all batches up to one. */
  void confirmed(long last) {
    while (!kept.isEmpty() && kept.getFirst().batch().number() <= last) {
      size -= kept.removeFirst().size();
    }
  }

  /**
   * What is kept, to be said again, in order.
   *
   * @param received what each of them tells to have been received, instead of what it told before
   */
  List<Packet.Batch> again(long received) {
    List<Packet.Batch> again = new ArrayList<>(kept.size());
    for (Kept one : kept) {
      again.add(new Packet.Batch(one.batch().number(), received, one.batch().messages()));
    }
    return again;
  }

  /** What to run if nothing of it will be confirmed, in order. */
  List<Runnable> lost() {
    return kept.stream().map(Kept::lost).toList();
  }

  void clear() {
    kept.clear();
    size = 0;
  }
}
