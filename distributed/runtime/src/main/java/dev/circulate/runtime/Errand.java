package dev.circulate.runtime;

import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Csp;
import dev.circulate.PeerLostException;
import dev.circulate.WritePort;
import dev.circulate.internal.Pending;
import dev.circulate.internal.PutSide;
import dev.circulate.internal.Uncaught;
import dev.circulate.internal.Words;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Origin;
import dev.circulate.service.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through a {@link Pool}: it is given to one node after the other until one
 * has begun it, and its caller gets one answer.
 *
 * <p>The node answers into a channel of the pool's own, so that it is known when the node is done,
 * and that an answer which only says that nothing was begun goes no further. When the caller's
 * channel closes so does that one, which tells the node to stop.
 */
final class Errand {
  /** How long an answer may wait for its caller's channel. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How often to look for what tells nobody: a link that came back, a caller that left. */
  private static final Duration LOOK = Duration.ofMillis(50);

  private final Pool pool;
  private final Request request;
  private final Pool.Pick pick;
  private final @Nullable WritePort<Object> caller;
  private final List<Member> refused = new ArrayList<>(0);

  /** What the last node that did not begin it said. */
  private @Nullable Object refusal;

  Errand(Pool pool, Request request, Pool.Pick pick) {
    this.pool = pool;
    this.request = request;
    this.pick = pick;
    this.caller = request.replyTo();
  }

  /**
   * Does it.
   *
   * @param given run once, when a node was chosen or there is none: the next request's turn
   */
  void run(Runnable given) throws InterruptedException {
    boolean isGiven = false;
    Object answer = null;
    try {
      while (answer == null && !hasLeft()) {
        Member member = awaitMember();
        if (!isGiven) {
          isGiven = true;
          given.run();
        }
        answer = askedOf(member);
      }
    } catch (CallException e) {
      answer = written(e.error());
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      Uncaught.report("a request to " + pool, e);
      answer = written(new CallError.Internal(pool + " failed: " + Words.of(e)));
    } finally {
      if (!isGiven) {
        given.run();
      }
    }
    if (caller != null && answer != null) {
      caller.offer(answer, PATIENCE);
    }
  }

  private boolean hasLeft() {
    return caller != null && caller.isClosed();
  }

  private Map<String, Object> written(CallError error) {
    return Map.of("error", request.origin().isLocal() ? error : error.toData());
  }

  // ---- to whom

  private Member awaitMember() throws InterruptedException {
    while (true) {
      Channel<Void> change = pool.nextChange();
      Member member = pool.isClosed() ? null : pool.choose(pick, refused);
      if (member != null) {
        return member;
      }
      if (pool.isClosed() || !pool.hasHope(refused)) {
        throw new CallException(nobody());
      }
      if (request.deadline().hasPassed()) {
        throw new CallException(
            new CallError.DeadlineExceeded(
                "the deadline passed while '" + request.command() + "' waited for a ready node"));
      }
      if (hasLeft()) {
        throw new CallException(new CallError.Cancelled("the caller has left"));
      }
      change.poll(LOOK);
    }
  }

  private CallError nobody() {
    return refusal instanceof Map<?, ?> answer && answer.get("error") != null
        ? CallError.fromData(answer.get("error"))
        : new CallError.UnknownService(pool.nobody());
  }

  // ---- asking

  /** The answer of a node that has been chosen; null if it has not begun, and another is to. */
  private @Nullable Object askedOf(Member member) throws InterruptedException {
    try {
      return caller == null ? told(member) : answered(member, caller);
    } catch (CodecException e) {
      return written(new CallError.InvalidArgument(String.valueOf(e.getMessage())));
    } finally {
      member.end();
    }
  }

  /** Nobody waits for an answer, so whatever is not null does for one. */
  private @Nullable Object told(Member member) throws InterruptedException {
    if (member.give(through(null))) {
      return true;
    }
    return notTaken();
  }

  private @Nullable Object answered(Member member, WritePort<Object> caller)
      throws InterruptedException {
    Channel<Object> reply = Csp.chan(1);
    Pending watch =
        caller instanceof PutSide<?> side ? side.putSide().onClose(reply::cancel) : Pending.DONE;
    try {
      if (!member.give(through(reply))) {
        return notTaken();
      }
      Object answer =
          request.deadline().exists() ? reply.poll(request.deadline().remaining()) : reply.take();
      if (answer == null) {
        return written(unanswered());
      }
      if (isOverloaded(answer)) {
        refused.add(member);
        refusal = answer;
        return null;
      }
      return answer;
    } catch (ChannelFailedException e) {
      return written(lost(member, e));
    } finally {
      watch.withdraw();
      reply.cancel();
    }
  }

  /** The node's session is over, or it is too late. */
  private @Nullable Object notTaken() {
    return request.deadline().hasPassed() ? written(unanswered()) : null;
  }

  private CallError unanswered() {
    return request.deadline().hasPassed()
        ? new CallError.DeadlineExceeded(
            "the deadline passed before '" + request.command() + "' was answered")
        : new CallError.Cancelled("'" + request.command() + "' was given up by its caller");
  }

  private CallError lost(Member member, ChannelFailedException e) {
    return switch (e.getCause()) {
      case PeerLostException lost -> CallError.PeerLost.of("'" + request.command() + "'", lost);
      case CallException known -> known.error();
      case null, default ->
          new CallError.Internal(member + " did not answer '" + request.command() + "': " + e);
    };
  }

  private static boolean isOverloaded(Object answer) {
    return answer instanceof Map<?, ?> map
        && map.get("error") != null
        && CallError.fromData(map.get("error")) instanceof CallError.Overloaded;
  }

  /** The request as it came, but for where the answer goes. */
  private Request through(@Nullable Channel<Object> reply) {
    Map<String, @Nullable Object> message = new LinkedHashMap<>(request.message());
    if (reply != null) {
      message.put(Request.RETURN, reply);
    }
    Origin.Remote origin =
        request.origin() instanceof Origin.Remote remote
            ? remote
            : new Origin.Remote("a pool", null);
    return Request.received(message, origin, request.deadline());
  }
}
