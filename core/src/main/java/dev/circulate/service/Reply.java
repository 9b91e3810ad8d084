package dev.circulate.service;

import dev.circulate.Channel;
import dev.circulate.Deadline;
import dev.circulate.WritePort;
import dev.circulate.internal.Context;
import dev.circulate.internal.GoBlock;
import dev.circulate.internal.Time;
import dev.circulate.internal.Uncaught;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The one answer that a request gets, from whoever has it first. */
final class Reply {
  /**
   * How long an answer waits for a reply channel that has no room, if the request has no deadline.
   */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Request request;
  private final @Nullable WritePort<Object> port;
  private final AtomicBoolean given = new AtomicBoolean();

  private Reply(Request request) {
    this.request = request;
    this.port = request.replyTo();
  }

  static Reply to(Request request) {
    return new Reply(request);
  }

  static Deadline patience() {
    return Deadline.after(PATIENCE);
  }

  /**
   * Answers with a channel, whose values are still to come. May wait for the reply channel.
   *
   * @return whether the caller, or what carries the answer to it, has accepted it
   */
  boolean begin(Channel<?> values) {
    Map<String, ?> answer = Map.of("answer", values);
    return port != null
        && given.compareAndSet(false, true)
        && (port.offer(answer) || offered(port, answer, request.deadline().earlier(patience())));
  }

  /** Answers with a value, and the request is over. May wait for the reply channel. */
  void answer(@Nullable Object value, Counted counted) {
    end(Collections.singletonMap("answer", value), counted);
  }

  /** Answers with an error, and the request is over. May wait for the reply channel. */
  void error(CallError error, Counted counted) {
    if (port == null && error instanceof CallError.Failed failed && failed.cause() != null) {
      Uncaught.report(request + ", which wants no answer", failed.cause());
    }
    end(written(error), counted);
  }

  /**
   * Answers with an error, without waiting: where a local caller leaves no room, a go block of its
   * own waits. A far caller's reply channel has room for an answer; who has many sent to one, and
   * takes none, does not get as many blocks.
   */
  void now(CallError error) {
    if (port != null && given.compareAndSet(false, true)) {
      Map<String, ?> answer = written(error);
      if (!port.offer(answer) && !port.isClosed() && request.origin().isLocal()) {
        inBlock(port, answer);
      }
    }
  }

  /**
   * Answers with an error in a go block of its own, for a thread that may neither wait nor run what
   * others have put into the reply channel.
   */
  void apart(CallError error) {
    if (port != null && given.compareAndSet(false, true)) {
      inBlock(port, written(error));
    }
  }

  private void inBlock(WritePort<Object> to, Map<String, ?> answer) {
    GoBlock.run(
        new Context(Time.NEVER, request.origin()),
        "answer to " + request,
        () -> {
          boolean _ = offered(to, answer, patience());
        });
  }

  /** What leaves this address space is plain data; a local caller gets the exception as well. */
  private Map<String, Object> written(CallError error) {
    return Map.of("error", request.origin().isLocal() ? error : error.toData());
  }

  /**
   * The request counts no longer, for who has the answer may ask again at once; unless it waits.
   */
  private void end(Map<String, ?> answer, Counted counted) {
    counted.leave();
    if (port != null && given.compareAndSet(false, true) && !port.offer(answer)) {
      counted.again();
      boolean _ = offered(port, answer, request.deadline().earlier(patience()));
    }
  }

  private static boolean offered(WritePort<Object> to, Map<String, ?> answer, Deadline until) {
    if (to.isClosed()) {
      return false;
    }
    try {
      return to.offer(answer, until.remaining());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
