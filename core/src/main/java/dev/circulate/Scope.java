package dev.circulate;

import dev.circulate.internal.BlockGroup;
import dev.circulate.internal.Context;
import dev.circulate.internal.GoBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A block of code that go blocks do not outlive: leaving it waits for them, and a failure of one
 * stops the others and is thrown there.
 *
 * {@snippet :
 * try (Scope scope = Scope.open("crawl")) {
 *   for (URI uri : seeds) {
 *     scope.go(() -> index.put(fetch(uri)));
 *   }
 * } // all have been fetched, or one has failed and the others were interrupted
 * }
 *
 * <p><b>Who belongs to it.</b> The blocks started by {@link #go}, and whatever these start in turn,
 * by {@link Csp#go(Csp.Body)} or otherwise, however deep: leaving waits for them all, and
 * cancelling interrupts them all. A block that the scope's owner starts by {@code Csp.go} does not.
 * A scope opened inside a block of another is cancelled with it.
 *
 * <p><b>Errors.</b> What a block of {@link #go} throws cancels the scope, and leaving throws a
 * {@link ScopeFailedException} with the first failure as its cause and the others suppressed; it is
 * also what the block's channel is closed with. That a block was interrupted because the scope was
 * cancelled is no failure, in whatever words it comes: a call that was cut short, or the result of
 * another block of the scope that was interrupted, too. What a block of {@code Csp.go} throws goes
 * to whoever takes its result, inside a scope as anywhere, and does not cancel the scope.
 *
 * <p><b>Interruption.</b> A thread that is interrupted while it leaves, or before, cancels the
 * scope, still waits for all blocks, and comes out with an {@link InterruptedScopeException} and
 * its interrupt status set, unless a block failed; then it comes out with that failure. A block
 * that does not answer interrupts is waited for all the same.
 *
 * <p><b>When the body throws,</b> leaving waits for the blocks as it always does, for {@code
 * close()} cannot see an exception that is on its way. Where the blocks would wait for the body,
 * {@link #cancel()} them before it goes.
 *
 * <p><b>Threads.</b> Any thread may start blocks and cancel; the one that opened the scope closes
 * it.
 */
public final class Scope implements AutoCloseable {
  private final String name;
  private final BlockGroup blocks;
  private final Thread owner = Thread.currentThread();
  private final AtomicInteger started = new AtomicInteger();

  /** Whether it was closed before; the owner alone looks at it. */
  private boolean closed;

  /** In the order in which they happened; guarded by itself. */
  private final List<Throwable> failed = new ArrayList<>(0);

  private Scope(String name) {
    this.name = name;
    this.blocks = BlockGroup.open(name.isEmpty() ? "a scope" : "scope '" + name + "'");
  }

  /** Opens a scope without a name. */
  public static Scope open() {
    return open("");
  }

  /**
   * Opens a scope.
   *
   * @param name what people call it; its blocks without a name of their own are numbered after it
   */
  public static Scope open(String name) {
    return new Scope(Objects.requireNonNull(name, "name"));
  }

  /**
   * Starts a go block that ends with this scope.
   *
   * @param body what to do; may throw anything
   * @param <T> the type of the result
   * @return a channel that gives the result once and closes, as that of {@link Csp#go(Callable)}
   * @throws IllegalStateException if the scope has ended
   */
  public <T> Channel<T> go(Callable<T> body) {
    return go(nextName(), body);
  }

  /**
   * Starts a go block without a result that ends with this scope.
   *
   * @param body what to do; may throw anything
   * @return a channel that closes when the body has ended
   * @throws IllegalStateException if the scope has ended
   */
  public Channel<Void> go(Csp.Body body) {
    return go(nextName(), body);
  }

  /**
   * Starts a go block with a name that ends with this scope.
   *
   * @param name what people call it
   * @param body what to do; may throw anything
   * @param <T> the type of the result
   * @return as {@link #go(Callable)}
   * @throws IllegalStateException if the scope has ended
   */
  public <T> Channel<T> go(String name, Callable<T> body) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(body, "body");
    return GoBlock.start(Context.current().in(blocks), name, body, this::blockFailed);
  }

  /**
   * Starts a go block with a name and without a result that ends with this scope.
   *
   * @param name what people call it
   * @param body what to do; may throw anything
   * @return a channel that closes when the body has ended
   * @throws IllegalStateException if the scope has ended
   */
  public Channel<Void> go(String name, Csp.Body body) {
    Objects.requireNonNull(body, "body");
    return go(
        name,
        () -> {
          body.run();
          return null;
        });
  }

  private String nextName() {
    return name.isEmpty() ? "" : name + "#" + started.incrementAndGet();
  }

  private void blockFailed(Throwable failure) {
    if (blocks.stopped(failure)) {
      return;
    }
    synchronized (failed) {
      failed.add(failure);
    }
    blocks.cancel();
  }

  /**
   * Interrupts the blocks of this scope, and any that are still started in it, which find
   * themselves interrupted from the beginning. Does not wait; leaving does.
   */
  public void cancel() {
    blocks.cancel();
  }

  /**
   * Waits until every block has ended. Closing again does nothing.
   *
   * @throws ScopeFailedException if a block failed
   * @throws InterruptedScopeException if the thread was interrupted and no block failed
   * @throws IllegalCallerException if another thread than the one that opened the scope calls it,
   *     which might be a block that would wait for itself
   */
  @Override
  public void close() {
    if (Thread.currentThread() != owner) {
      throw new IllegalCallerException(
          this + " is to be closed by the thread that opened it, " + owner);
    }
    if (closed) {
      return;
    }
    closed = true;
    boolean interrupted = blocks.end();
    if (interrupted) {
      owner.interrupt();
    }
    ScopeFailedException failure = takeFailure();
    if (failure != null) {
      throw failure;
    }
    if (interrupted) {
      throw new InterruptedScopeException(toString());
    }
  }

  private @Nullable ScopeFailedException takeFailure() {
    synchronized (failed) {
      if (failed.isEmpty()) {
        return null;
      }
      ScopeFailedException failure = new ScopeFailedException(toString(), failed.getFirst());
      failed.stream().skip(1).forEach(failure::addSuppressed);
      failed.clear();
      return failure;
    }
  }

  @Override
  public String toString() {
    return blocks.toString();
  }
}
