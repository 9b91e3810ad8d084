package dev.circulate.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.execution.ResultWithClock;
import org.jetbrains.kotlinx.lincheck.util.LincheckResult;
import org.jetbrains.kotlinx.lincheck.util.ValueResult;
import org.jetbrains.lincheck.datastructures.verifier.Verifier;
import org.jspecify.annotations.Nullable;

/**
 * Looks for an order of the operations, one at a time, in which each could have answered what it
 * did (the search of Wing and Gong). Lincheck's own verifier asks a specification what the answer
 * is; an alts may have several, so this one asks whether the answer is possible.
 *
 * <p>A rendezvous moves its value by two operations at the same moment, so there two may be ordered
 * together.
 */
public final class MovesVerifier implements Verifier {

  /** Called by Lincheck; the model is made of the operations' answers alone. */
  public MovesVerifier(Class<?> specification) {}

  @Override
  public boolean verifyResults(ExecutionScenario scenario, ExecutionResult results) {
    List<List<ResultWithClock>> threads = results.getParallelResultsWithClock();
    List<List<Move>> moves = new ArrayList<>();
    for (List<ResultWithClock> thread : threads) {
      moves.add(moves(thread.stream().map(ResultWithClock::getResult).toList()));
    }
    List<Move> before = inOrder(new ArrayList<>(), moves(results.getInitResults()));
    List<Move> after = moves(results.getPostResults());
    return before != null
        && new Search(threads, moves, after).canGoOn(new int[threads.size()], before);
  }

  private static List<Move> moves(List<? extends LincheckResult> results) {
    return results.stream().map(each -> (Move) ((ValueResult) each).getValue()).toList();
  }

  /** What is in the channels after the moves; null if they cannot happen in this order. */
  private static @Nullable List<Move> inOrder(List<Move> values, List<Move> moves) {
    List<Move> now = values;
    for (Move move : moves) {
      List<Move> next = move.from(now);
      if (next == null) {
        return null;
      }
      now = next;
    }
    return now;
  }

  /**
   * The search.
   *
   * @param threads when each operation began
   * @param moves what each did
   * @param after what was done when all threads had ended
   */
  private record Search(
      List<List<ResultWithClock>> threads, List<List<Move>> moves, List<Move> after) {

    /**
     * Whether the operations from {@code done} on can be ordered.
     *
     * @param done how many operations of each thread are
     * @param values what is in the channels now, in order, each as the move that put it
     */
    boolean canGoOn(int[] done, List<Move> values) {
      boolean over = true;
      for (int thread = 0; thread < done.length; thread++) {
        Move move = next(thread, done);
        over &= done[thread] == moves.get(thread).size();
        if (move == null) {
          continue;
        }
        List<Move> next = move.from(values);
        if (next != null && canGoOn(advanced(done, thread, thread), next)) {
          return true;
        }
        for (int other = 0; other < done.length; other++) {
          Move partner = next(other, done);
          if (other != thread
              && partner != null
              && move.meets(partner)
              && canGoOn(advanced(done, thread, other), values)) {
            return true;
          }
        }
      }
      return over && inOrder(values, after) != null;
    }

    /** The thread's next operation, if all that ended before it began are done. */
    private @Nullable Move next(int thread, int[] done) {
      if (done[thread] == moves.get(thread).size()) {
        return null;
      }
      ResultWithClock result = threads.get(thread).get(done[thread]);
      for (int other = 0; other < done.length; other++) {
        if (other != thread && done[other] < result.getClockOnStart().get(other)) {
          return null;
        }
      }
      return moves.get(thread).get(done[thread]);
    }

    private static int[] advanced(int[] done, int one, int other) {
      int[] next = Arrays.copyOf(done, done.length);
      next[one]++;
      if (other != one) {
        next[other]++;
      }
      return next;
    }
  }
}
