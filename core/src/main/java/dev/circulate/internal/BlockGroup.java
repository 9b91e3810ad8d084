package dev.circulate.internal;

import dev.circulate.Buffer;
import dev.circulate.ChannelFailedException;
import dev.circulate.InterruptedScopeException;
import dev.circulate.InterruptedTakeException;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The go blocks that end together: those of one scope, and what they start in turn.
 *
 * <p>A group that is opened by a block of another one is cancelled with it, whatever its owner is
 * doing at that moment: an owner whose wait was interrupted goes on to leave its scope, and must
 * not wait there for blocks that nobody told.
 */
public final class BlockGroup {
  private final String name;
  private final @Nullable BlockGroup outer;

  /** Closes when the group was asked to end and its last block has. */
  private final LocalChannel<Void> ended;

  /** This and all below guarded by this. */
  private final Set<Thread> blocks = new HashSet<>();

  private final Set<BlockGroup> inner = new HashSet<>();
  private boolean cancelled;
  private boolean ending;

  private BlockGroup(String name, @Nullable BlockGroup outer) {
    this.name = name;
    this.outer = outer;
    this.ended = LocalChannel.open(new Buffer.Rendezvous(), "end of " + name, null);
  }

  /** Opens a group inside the one that the calling thread runs in, if it does. */
  public static BlockGroup open(String name) {
    BlockGroup outer = Context.current().group();
    BlockGroup group = new BlockGroup(name, outer);
    if (outer != null) {
      outer.adopt(group);
    }
    return group;
  }

  private void adopt(BlockGroup group) {
    boolean late;
    synchronized (this) {
      inner.add(group);
      late = cancelled;
    }
    if (late) {
      group.cancel();
    }
  }

  /** Counts a block that is about to start. */
  synchronized void admit(Thread block) {
    if (ending && blocks.isEmpty()) {
      throw new IllegalStateException(name + " has ended: it starts no more go blocks");
    }
    blocks.add(block);
  }

  void leave(Thread block) {
    boolean last;
    synchronized (this) {
      last = blocks.remove(block) && ending && blocks.isEmpty();
    }
    if (last) {
      ended.close();
    }
  }

  /** Whether its blocks were told to stop. */
  synchronized boolean isCancelled() {
    return cancelled;
  }

  /** Whether a block ended with this because it was told to stop, which is no failure. */
  public boolean stopped(Throwable failure) {
    return isCancelled() && tellsOfAnInterrupt(failure);
  }

  /**
   * Whether somebody was interrupted, in whatever words: the block that it comes from, or one that
   * was told as well, and on whose result or answer the block waited.
   */
  private static boolean tellsOfAnInterrupt(@Nullable Throwable failure) {
    return switch (failure) {
      case InterruptedException _ -> true;
      case InterruptedTakeException _ -> true;
      case InterruptedScopeException _ -> true;
      case CallException call when call.error() instanceof CallError.Cancelled -> true;
      case CallException call -> tellsOfAnInterrupt(call.getCause());
      case ChannelFailedException taken -> tellsOfAnInterrupt(taken.getCause());
      case null, default -> false;
    };
  }

  /** Interrupts all blocks, those of inner groups as well, and those that are still to come. */
  public void cancel() {
    List<Thread> running = new ArrayList<>();
    markCancelled(running);
    running.forEach(Thread::interrupt);
  }

  /**
   * Takes note in this and in all inner groups, before anybody is interrupted: a block of an inner
   * one may hear first that one of this was, on whose result it waited.
   *
   * @param running gets the blocks of all of them
   */
  private void markCancelled(List<Thread> running) {
    List<BlockGroup> groups;
    synchronized (this) {
      cancelled = true;
      running.addAll(blocks);
      groups = List.copyOf(inner);
    }
    groups.forEach(group -> group.markCancelled(running));
  }

  /**
   * Waits until every block has ended, however long that takes; from then on none can start. An
   * interrupt cancels the group.
   *
   * @return whether the waiting thread was interrupted
   */
  public boolean end() {
    boolean empty;
    synchronized (this) {
      ending = true;
      empty = blocks.isEmpty();
    }
    if (empty) {
      ended.close();
    }
    boolean interrupted = awaitLast();
    if (outer != null) {
      outer.release(this);
    }
    return interrupted;
  }

  private boolean awaitLast() {
    boolean interrupted = Thread.interrupted();
    if (interrupted) {
      cancel();
    }
    for (; ; ) {
      try {
        ended.take();
        return interrupted;
      } catch (InterruptedException e) {
        interrupted = true;
        cancel();
      }
    }
  }

  private synchronized void release(BlockGroup group) {
    inner.remove(group);
  }

  @Override
  public String toString() {
    return name;
  }
}
