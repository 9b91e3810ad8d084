package dev.circulate.service;

import dev.circulate.Buffer;
import dev.circulate.WritePort;
import dev.circulate.internal.Context;
import dev.circulate.internal.GoBlock;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.Quota;
import dev.circulate.internal.Seat;
import dev.circulate.internal.TakeHandler;
import dev.circulate.internal.Time;
import dev.circulate.internal.Uncaught;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the channel of a service or a root: takes each request as it comes and serves
 * it in a go block of its own.
 *
 * <p>No thread waits for requests. A take that is always under way is completed by whoever puts,
 * whose thread starts the go block and begins the next take; so the channel, and with it the
 * service, is collected when nobody holds it any more.
 */
final class Receiver {
  /** What a service or root does with a request. */
  @FunctionalInterface
  interface Responder {
    /**
     * Does what is asked.
     *
     * @return the answer; or {@link #PASSED_ON}
     * @throws Exception what is answered as the error
     */
    @Nullable Object respond(Request request) throws Exception;

    /** The longest that this may take, whatever the caller allows; null if only the caller says. */
    default @Nullable CommandTimeout timeout(Request request) {
      return null;
    }
  }

  /** What a responder returns when it has passed the request on to somebody who answers it. */
  static final Object PASSED_ON = new Object();

  private final String name;
  private final Responder responder;
  private final Stats stats;
  private final LocalChannel<Object> requests;
  private final Quota underWay;

  private Receiver(String name, int limit, Stats stats, Responder responder) {
    this.name = name;
    this.underWay = new Quota(limit);
    this.stats = stats;
    this.responder = responder;
    this.requests = LocalChannel.open(new Buffer.Rendezvous(), name, null);
  }

  /** Opens the put-only channel of a service or root. */
  @SuppressWarnings("unchecked") // a peer may put what is no request: it is taken as an Object
  static WritePort<Request> open(String name, int limit, Stats stats, Responder responder) {
    Receiver receiver = new Receiver(name, limit, stats, responder);
    receiver.listen();
    return (WritePort<Request>) (WritePort<?>) receiver.requests.writePort();
  }

  /**
   * Begins the next take; when it is completed at once, serves that and goes on, without recursion.
   */
  private void listen() {
    Turn turn;
    do {
      turn = new Turn();
      requests.takeAsync(turn);
    } while (turn.wasTakenAtOnce());
  }

  /** One take: its value is served by whichever comes second of the taker and the beginner. */
  private final class Turn implements TakeHandler<Object> {
    private static final Object BEGUN = new Object();
    private static final Object ENDED = new Object();

    private final AtomicReference<@Nullable Object> state = new AtomicReference<>();

    @Override
    public void taken(Object value) {
      if (!state.compareAndSet(null, value)) {
        serve(value);
        listen();
      }
    }

    @Override
    public void ended(@Nullable Throwable cause) {
      state.set(ENDED);
    }

    boolean wasTakenAtOnce() {
      if (state.compareAndSet(null, BEGUN)) {
        return false;
      }
      Object value = state.get();
      if (value == null || value == ENDED) {
        return false;
      }
      serve(value);
      return true;
    }
  }

  /**
   * Has a request served. It may hold what is not ours, a reply port or a text: what that throws
   * here is not the service's end.
   */
  private void serve(Object value) {
    try {
      Request request = Request.taken(value);
      if (request == null) {
        stats.malformed();
      } else {
        admit(request);
      }
    } catch (Throwable e) {
      Uncaught.report(name + ", at a request", e);
    }
  }

  private void admit(Request request) {
    if (!underWay.enter()) {
      overloaded(request, name, underWay.limit());
      return;
    }
    Seat seat = request.seat();
    if (seat != null && !seat.take()) {
      underWay.leave();
      overloaded(request, request.origin().toString(), seat.limit());
      return;
    }
    Counted counted = new Counted(underWay, seat);
    stats.begun();
    try {
      begin(request, counted);
    } catch (Throwable e) {
      counted.leave();
      stats.served(0, true);
      Reply.to(request).now(CallError.of(e));
    }
  }

  private void begin(Request request, Counted counted) {
    long moment = Time.after(request.deadline().remaining());
    CommandTimeout timeout = responder.timeout(request);
    if (timeout != null) {
      long own = Time.after(timeout.limit());
      if (moment == Time.NEVER || own - moment < 0) {
        moment = own;
      } else {
        timeout = null;
      }
    }
    start(request, counted, moment, timeout);
  }

  private void start(
      Request request, Counted counted, long moment, @Nullable CommandTimeout timeout) {
    Context context = new Context(moment, request.origin());
    GoBlock.run(
        context,
        name,
        () -> {
          try {
            serveInBlock(request, counted, moment, timeout);
          } finally {
            counted.leave();
          }
        });
  }

  private void overloaded(Request request, String who, int limit) {
    stats.overloaded();
    Reply.to(request)
        .now(
            new CallError.Overloaded(
                who + " has " + limit + " requests under way, which is its limit"));
  }

  private void serveInBlock(
      Request request, Counted counted, long moment, @Nullable CommandTimeout timeout) {
    long began = Time.current().nanoTime();
    Reply reply = Reply.to(request);
    CallError failure = null;
    Watchdog watchdog = Watchdog.over(request, reply, moment, timeout);
    Object answer = null;
    Streaming streaming = null;
    try {
      answer = responder.respond(request);
      streaming = Streaming.of(answer, "values of " + request.command());
    } catch (Throwable thrown) {
      failure = CallError.of(thrown);
    }
    CallError cut = watchdog.end();
    if (cut != null && failure != null) {
      failure = cut;
    }
    stats.served(Time.current().nanoTime() - began, failure != null);
    if (failure != null) {
      reply.error(failure, counted);
    } else if (streaming != null) {
      stream(streaming, reply, counted);
    } else if (answer != PASSED_ON) {
      reply.answer(answer, counted);
    }
  }

  private void stream(Streaming streaming, Reply reply, Counted counted) {
    stats.streamBegun();
    try {
      streaming.run(reply, counted);
    } finally {
      stats.streamEnded();
    }
  }
}
