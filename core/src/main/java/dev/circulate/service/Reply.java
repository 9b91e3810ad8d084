package dev.circulate.service;

import dev.circulate.Deadline;
import dev.circulate.WritePort;
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
   * Answers with a value. May wait for the reply channel.
   *
   * @return whether the caller, or what carries the answer to it, has accepted it
   */
  boolean answer(@Nullable Object value) {
    return give(Collections.singletonMap("answer", value));
  }

  /** Answers with an error. May wait for the reply channel. */
  void error(CallError error) {
    if (port == null && error instanceof CallError.Failed failed && failed.cause() != null) {
      Uncaught.report(request + ", which wants no answer", failed.cause());
    }
    give(written(error));
  }

  /** Answers with an error if the reply channel has room; never waits. */
  void now(CallError error) {
    if (port != null && given.compareAndSet(false, true)) {
      port.offer(written(error));
    }
  }

  /** What leaves this address space is plain data; a local caller gets the exception as well. */
  private Map<String, Object> written(CallError error) {
    return Map.of("error", request.origin().isLocal() ? error : error.toData());
  }

  private boolean give(Map<String, ?> answer) {
    if (port == null || !given.compareAndSet(false, true)) {
      return false;
    }
    if (port.offer(answer)) {
      return true;
    }
    if (port.isClosed()) {
      return false;
    }
    try {
      return port.offer(answer, request.deadline().earlier(patience()).remaining());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
