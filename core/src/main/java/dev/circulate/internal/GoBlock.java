package dev.circulate.internal;

import dev.circulate.Buffer;
import dev.circulate.Csp;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A body that runs in a virtual thread of its own, and the channel that gets its result.
 *
 * <p>What the body throws closes the channel with that cause. If nobody ever takes it, the uncaught
 * handler is told; see {@link Untaken}.
 *
 * <p>It is its thread's exception handler: what goes wrong around the body is reported, and from a
 * thread the way leads to its block without the cost of a thread-local variable.
 */
public final class GoBlock<T> implements Runnable, Thread.UncaughtExceptionHandler {
  private static final Buffer ONE = new Buffer.Fixed(1);

  /** For a result that nobody wants: it is closed. */
  private static final LocalChannel<Void> NOWHERE = nowhere();

  /** Null but in tests. */
  private static volatile @Nullable BlockCensus census;

  private final Callable<? extends @Nullable T> body;
  private final LocalChannel<T> result;
  private final String name;

  /** Who answers for what the body throws; null if whoever takes the result does. */
  private final @Nullable Consumer<? super Throwable> failures;

  /** Its entry in the listing, once it has parked; the block's own thread alone looks at it. */
  private @Nullable Parked listed;

  /** Who is told how the body ends; the block's own thread alone looks at it. */
  private @Nullable List<Consumer<? super @Nullable Throwable>> endings;

  /** Whether others see to what it takes; the block's own thread alone looks at it. */
  private boolean handsOn;

  private GoBlock(
      String name,
      Callable<? extends @Nullable T> body,
      @Nullable Consumer<? super Throwable> failures,
      LocalChannel<T> result) {
    this.name = name;
    this.body = body;
    this.failures = failures;
    this.result = result;
  }

  private static <T> GoBlock<T> of(
      String name,
      Callable<? extends @Nullable T> body,
      @Nullable Consumer<? super Throwable> failures) {
    return new GoBlock<>(name, body, failures, result(name));
  }

  private static <T> LocalChannel<T> result(String name) {
    return LocalChannel.result(name);
  }

  /** Has the blocks counted that start from now on; null for not any more. */
  public static void count(@Nullable BlockCensus census) {
    GoBlock.census = census;
  }

  /**
   * Starts a block of the library's own, which works for nobody: without a deadline, for no caller,
   * and in no scope, whoever starts it. Nobody wants its result; what it throws goes to the
   * uncaught handler.
   */
  public static void background(String name, Csp.Body body) {
    run(Context.NONE, name, body);
  }

  /**
   * Starts a body of which nobody wants the result; what it throws goes to the uncaught handler.
   *
   * @param context instead of the caller's
   */
  public static void run(Context context, String name, Csp.Body body) {
    start(
        context,
        new GoBlock<>(
            name,
            () -> {
              body.run();
              return null;
            },
            failure -> Uncaught.report(where(name), failure),
            NOWHERE));
  }

  /** Starts a body in the caller's context; the empty name is no name. */
  public static <T> LocalChannel<T> start(String name, Callable<? extends @Nullable T> body) {
    return start(Context.current(), name, body);
  }

  /** Starts a body in a context of its own instead of the caller's. */
  public static <T> LocalChannel<T> start(
      Context context, String name, Callable<? extends @Nullable T> body) {
    return start(context, of(name, body, null));
  }

  /**
   * Starts a body whose failure somebody answers for, who is told before the channel is closed with
   * it; the uncaught handler is not.
   */
  public static <T> LocalChannel<T> start(
      Context context,
      String name,
      Callable<? extends @Nullable T> body,
      Consumer<? super Throwable> failures) {
    return start(context, of(name, body, failures));
  }

  private static <T> LocalChannel<T> start(Context context, GoBlock<T> block) {
    Thread.Builder builder = Thread.ofVirtual().name(block.name).uncaughtExceptionHandler(block);
    Runnable task = context.around(block);
    BlockGroup group = context.group();
    BlockCensus counting = census;
    if (group == null && counting == null) {
      builder.start(task);
    } else {
      startCounted(builder, task, group, counting);
    }
    return block.result;
  }

  private static void startCounted(
      Thread.Builder builder,
      Runnable task,
      @Nullable BlockGroup group,
      @Nullable BlockCensus counting) {
    Thread thread =
        builder.unstarted(
            () -> {
              try {
                task.run();
              } finally {
                ended(Thread.currentThread(), group, counting);
              }
            });
    if (group != null) {
      group.admit(thread);
      if (group.isCancelled()) {
        thread.interrupt(); // before its first step
      }
    }
    if (counting != null) {
      counting.started(thread);
    }
    try {
      thread.start();
    } catch (Throwable e) {
      ended(thread, group, counting);
      throw e;
    }
  }

  private static void ended(
      Thread thread, @Nullable BlockGroup group, @Nullable BlockCensus counting) {
    if (group != null) {
      group.leave(thread);
    }
    if (counting != null) {
      counting.ended(thread);
    }
  }

  /**
   * Starts a body in a context of its own, which is interrupted when the channel for its result is
   * closed or cancelled before there is one.
   */
  public static <T> LocalChannel<T> startCancellable(
      Context context, String name, Callable<? extends @Nullable T> body) {
    LocalChannel<T> result = result(name);
    return start(context, new GoBlock<>(name, () -> interruptible(result, body), null, result));
  }

  private static <T> @Nullable T interruptible(
      LocalChannel<T> result, Callable<? extends @Nullable T> body) throws Exception {
    Pending watch = result.onClose(Thread.currentThread()::interrupt);
    try {
      return body.call();
    } catch (InterruptedException e) {
      if (result.isClosed()) {
        return null; // as it was asked to
      }
      throw e;
    } finally {
      watch.withdraw();
    }
  }

  /** Lists the go block that runs in the calling thread, if one does, when it first parks. */
  static void list(Thread current) {
    if (current.getUncaughtExceptionHandler() instanceof GoBlock<?> block && block.listed == null) {
      block.listed = Parked.enter(current);
    }
  }

  /** The entry in the listing of the go block that runs in the calling thread, if it has one. */
  static @Nullable Parked listed(Thread current) {
    return current.getUncaughtExceptionHandler() instanceof GoBlock<?> block ? block.listed : null;
  }

  /**
   * Has somebody told how the body of the calling thread's go block ends: null if it ends well,
   * else what it throws. It is told in that thread, before the block's result is there, and must
   * not throw.
   *
   * @return false if the calling thread is no go block's, or one's that {@linkplain #handOn hands
   *     on} what it takes
   */
  public static boolean whenEnded(Consumer<? super @Nullable Throwable> ending) {
    GoBlock<?> block = current();
    if (block == null || block.handsOn) {
      return false;
    }
    if (block.endings == null) {
      block.endings = new ArrayList<>();
    }
    block.endings.add(ending);
    return true;
  }

  /**
   * Says that the calling thread's go block hands on what it takes: how it ends tells nothing of
   * what becomes of that.
   */
  public static void handOn() {
    GoBlock<?> block = current();
    if (block != null) {
      block.handsOn = true;
    }
  }

  private static @Nullable GoBlock<?> current() {
    return Thread.currentThread().getUncaughtExceptionHandler() instanceof GoBlock<?> block
        ? block
        : null;
  }

  private void tellEndings(@Nullable Throwable failure) {
    if (endings != null) {
      endings.forEach(ending -> ending.accept(failure));
      endings = null;
    }
  }

  @Override
  public void uncaughtException(Thread thread, Throwable failure) {
    Uncaught.report(where(), failure);
  }

  private static LocalChannel<Void> nowhere() {
    LocalChannel<Void> nowhere = LocalChannel.open(ONE, "nowhere", null);
    nowhere.close();
    return nowhere;
  }

  private String where() {
    return where(name);
  }

  private static String where(String name) {
    return name.isEmpty() ? "a go block" : "go block '" + name + "'";
  }

  @Override
  public void run() {
    try {
      T value = body.call();
      tellEndings(null);
      if (value == null) {
        result.close();
      } else {
        result.closeWith(value);
      }
    } catch (Throwable e) {
      tellEndings(e);
      if (failures != null) {
        failures.accept(e);
        result.close(e);
      } else if (wasTold(e)) {
        result.close(e);
      } else {
        Closing why = new Closing(e);
        // before the close: who sees that and ends the program has the failure reported
        Untaken.watch(result, where(), why);
        result.close(why);
      }
    } finally {
      if (listed != null) {
        listed.leave();
      }
    }
  }

  /** Whether a block ended as it was asked to: its group was cancelled, and it was interrupted. */
  private static boolean wasTold(Throwable failure) {
    BlockGroup group = Context.current().group();
    return group != null && group.stopped(failure);
  }
}
