package dev.circulate.internal;

import dev.circulate.service.Origin;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a go block inherits from the one that starts it: for whom it works, until when, and which
 * group it ends with.
 *
 * @param deadline a moment of {@link Time}; {@link Time#NEVER} if there is none
 * @param caller who called the command being served; local outside of commands
 * @param group the blocks of the scope that the thread runs in; null outside of scopes
 */
public record Context(long deadline, Origin caller, @Nullable BlockGroup group) {
  private static final ScopedValue<Context> CURRENT = ScopedValue.newInstance();

  /** That of who works for nobody: without a deadline, local, in no scope. */
  static final Context NONE = new Context(Time.NEVER, Origin.local());

  /** A context outside of any scope. */
  public Context(long deadline, Origin caller) {
    this(deadline, caller, null);
  }

  /** The context of the calling thread. */
  public static Context current() {
    return CURRENT.orElse(NONE);
  }

  /** This context with a deadline that is at most so far ahead. */
  public Context within(Duration limit) {
    long moment = Time.after(limit);
    boolean isEarlier = deadline == Time.NEVER || (moment != Time.NEVER && moment - deadline < 0);
    return isEarlier ? new Context(moment, caller, group) : this;
  }

  /** This context in a group of blocks. */
  public Context in(BlockGroup group) {
    return new Context(deadline, caller, group);
  }

  /** This context with another caller. */
  public Context calledBy(Origin origin) {
    return new Context(deadline, origin, group);
  }

  /** This context without a deadline. */
  public Context withoutDeadline() {
    return new Context(Time.NEVER, caller, group);
  }

  /** Does something in this context. */
  public <R extends @Nullable Object, X extends Throwable> R call(
      ScopedValue.CallableOp<? extends R, X> body) throws X {
    return ScopedValue.where(CURRENT, this).call(body);
  }

  /** Runs a task in this context. */
  public void run(Runnable task) {
    ScopedValue.where(CURRENT, this).run(task);
  }

  /** A task that runs in this context, whichever thread runs it. */
  @SuppressWarnings("ReferenceEquality") // NONE is what a thread without a context has
  Runnable around(Runnable task) {
    return this == NONE ? task : () -> run(task);
  }
}
