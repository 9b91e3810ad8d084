package dev.circulate.service;

import dev.circulate.Deadline;
import dev.circulate.PeerLostException;
import dev.circulate.WritePort;
import dev.circulate.internal.Glimpse;
import dev.circulate.internal.PutSide;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Passes requests of a root on to whoever is to answer them instead: its delegate, or the channel
 * that a command was added with.
 *
 * <p>Delegates are set independently of each other, in different address spaces too, so a chain of
 * them can lead back to where it began. Each root therefore writes its mark into the trail that a
 * request carries, and passes on nothing that bears its own mark: whoever asked gets an error that
 * names the circle. The trail stands in the message, where a caller could write it too; all that
 * such a caller achieves is that its own request goes nowhere.
 */
final class Relay {
  /** The name under which the trail stands in a message: a list of marks, the first root first. */
  static final String TRAIL = "_passed-by";

  /** How many roots may pass a request on: far more than anybody would set up. */
  private static final int LONGEST = 64;

  private final String root;
  private final String mark;

  Relay(String root) {
    this.root = root;
    this.mark = root + "@" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
  }

  /**
   * Passes a request on; waits until it is taken, while its caller waits.
   *
   * @param nowhere the error, made of a sentence, for a request that came round in a circle
   * @return {@link Receiver#PASSED_ON}
   */
  Object pass(Request request, WritePort<Request> to, Function<String, CallError> nowhere)
      throws InterruptedException {
    List<String> trail = trail(request);
    if (trail.contains(mark) || trail.size() >= LONGEST) {
      throw new CallException(nowhere.apply(inVain(trail)));
    }
    trail.add(mark);
    Deadline patience = request.deadline().earlier(Reply.patience());
    request.journey().passedOn();
    if (Thread.interrupted()) {
      throw new InterruptedException("'" + request.command() + "' is too late to be passed on");
    }
    if (!to.offer(request.with(TRAIL, trail), patience.remaining())) {
      throw new CallException(notTaken(request, to));
    }
    return Receiver.PASSED_ON;
  }

  private static List<String> trail(Request request) {
    List<String> trail = new ArrayList<>();
    if (request.message().get(TRAIL) instanceof List<?> marks) {
      marks.stream()
          .limit(LONGEST)
          .forEach(each -> trail.add(each instanceof String text ? text : Glimpse.of(each)));
    }
    return trail;
  }

  private String inVain(List<String> trail) {
    int begin = trail.indexOf(mark);
    return begin < 0
        ? ", and " + LONGEST + " roots have passed it on before"
        : ", and the delegates form a circle: "
            + String.join(" to ", trail.subList(begin, trail.size()))
            + " to "
            + mark;
  }

  private CallError notTaken(Request request, WritePort<Request> to) {
    String what = "root '" + root + "' passed '" + request.command() + "' on to " + to;
    if (to.isClosed()) {
      return causeOf(to) instanceof PeerLostException lost
          ? new CallError.PeerLost(lost.peer(), what + ": " + lost.getMessage())
          : new CallError.UnknownService(what + ", which is closed");
    }
    return request.deadline().hasPassed()
        ? new CallError.DeadlineExceeded(what + ", which did not take it before the deadline")
        : new CallError.Timeout(
            Reply.PATIENCE, what + ", which did not take it within " + Reply.PATIENCE);
  }

  private static @Nullable Throwable causeOf(WritePort<Request> port) {
    return port instanceof PutSide<?> side ? side.putSide().closeCause() : null;
  }
}
