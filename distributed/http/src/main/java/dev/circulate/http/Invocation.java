package dev.circulate.http;

import dev.circulate.Alts;
import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Csp;
import dev.circulate.Deadline;
import dev.circulate.PeerLostException;
import dev.circulate.Ports;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.internal.PutSide;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Origin;
import dev.circulate.service.Request;
import dev.circulate.service.Service;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks a root and its services for a caller that came in over HTTP: what it may not see is not
 * there for it, since every request says that it is remote.
 *
 * @param root whom to ask for services
 * @param caller for whom
 * @param limit how long the caller waits
 * @param deadline until when that is
 * @param cutOff closed when nothing may be waited for any more
 */
record Invocation(
    WritePort<Request> root,
    Origin.Remote caller,
    Duration limit,
    Deadline deadline,
    ReadPort<Void> cutOff) {
  /** Stands for an answer that did not come. */
  private static final Object NONE = new Object();

  static Invocation of(
      WritePort<Request> root, Origin.Remote caller, Duration limit, ReadPort<Void> cutOff) {
    return new Invocation(root, caller, limit, Deadline.after(limit), cutOff);
  }

  /**
   * Asks a service of the root, or of one of its delegates.
   *
   * @return the answer
   * @throws CallException if there is an error instead
   * @throws ProblemException if the server is about to stop, and the request was cut off
   * @throws InterruptedException if interrupted while waiting; the request is given up then
   */
  @Nullable Object ask(String service, String command, Map<?, ?> arguments)
      throws InterruptedException {
    Object port = ask(root, "locate-service", Map.of("service", service));
    if (!(port instanceof WritePort<?> found)) {
      throw new CallException(
          new CallError.Internal("'" + service + "' was found to be " + port + ", not a channel"));
    }
    @SuppressWarnings("unchecked") // what a root says is a service
    WritePort<Request> requests = (WritePort<Request>) found;
    return ask(requests, command, arguments);
  }

  /** Asks whoever takes from a channel, as {@link #ask(String, String, Map)} does. */
  @Nullable Object ask(WritePort<Request> service, String command, Map<?, ?> arguments)
      throws InterruptedException {
    Channel<Object> reply = Csp.chan(1);
    try {
      Map<Object, @Nullable Object> message = new LinkedHashMap<>(arguments);
      message.put(Request.COMMAND, command);
      message.put(Request.RETURN, reply);
      send(selectable(service), Request.received(message, caller, deadline), command);
      return answer(command, reply);
    } finally {
      reply.cancel(); // tells the service to stop, if it is not done
    }
  }

  /** A channel before a port of a program's own, for which an alts cannot wait. */
  private static WritePort<Request> selectable(WritePort<Request> service) {
    return Ports.isSelectable(service) ? service : Service.through(service);
  }

  private void send(WritePort<Request> service, Request request, String command)
      throws InterruptedException {
    boolean isTaken =
        Alts.<Boolean>first()
            .put(service, request, () -> true)
            .take(cutOff, _ -> false)
            .timeout(deadline.remaining(), () -> false)
            .onClosed(() -> false)
            .priority()
            .await();
    if (!isTaken) {
      throw service.isClosed()
          ? new CallException(gone(command, causeOf(service)))
          : givenUp(command);
    }
  }

  private @Nullable Object answer(String command, Channel<Object> reply)
      throws InterruptedException {
    Object taken;
    try {
      taken =
          Alts.first()
              .take(reply, value -> value)
              .take(cutOff, _ -> NONE)
              .timeout(deadline.remaining(), () -> NONE)
              .onClosed(() -> NONE)
              .priority()
              .await();
    } catch (ChannelFailedException e) {
      throw new CallException(gone(command, e.getCause()));
    }
    if (taken == NONE) {
      throw reply.isClosed()
          ? new CallException(
              new CallError.Internal("'" + command + "' was closed without an answer"))
          : givenUp(command);
    }
    if (!(taken instanceof Map<?, ?> map)
        || (map.get("error") == null && !map.containsKey("answer"))) {
      throw new CallException(
          new CallError.Internal("'" + command + "' was answered with what is no answer"));
    }
    if (map.get("error") != null) {
      CallError error = CallError.fromData(map.get("error"));
      // its deadline is this limit, and may be noticed there first
      throw new CallException(
          error instanceof CallError.DeadlineExceeded && deadline.hasPassed()
              ? late(command)
              : error);
    }
    return map.get("answer");
  }

  /** Why it is waited no longer. */
  private RuntimeException givenUp(String command) {
    return cutOff.isClosed()
        ? new ProblemException(Problem.stopping())
        : new CallException(late(command));
  }

  private static @Nullable Throwable causeOf(WritePort<Request> service) {
    return service instanceof PutSide<?> side ? side.putSide().closeCause() : null;
  }

  private CallError late(String command) {
    return new CallError.Timeout(limit, "'" + command + "' was not answered within " + limit);
  }

  private static CallError gone(String command, @Nullable Throwable cause) {
    return switch (cause) {
      case CallException known -> known.error();
      case PeerLostException lost ->
          new CallError.PeerLost(
              lost.peer(), "'" + command + "' was not answered: " + lost.getMessage());
      case null ->
          new CallError.UnknownService("'" + command + "' was not accepted: the service is gone");
      case Throwable other -> CallError.Failed.of(other);
    };
  }
}
