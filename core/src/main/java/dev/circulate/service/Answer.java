package dev.circulate.service;

import dev.circulate.Buffer;
import dev.circulate.ChannelFailedException;
import dev.circulate.Deadline;
import dev.circulate.PeerLostException;
import dev.circulate.WritePort;
import dev.circulate.internal.Context;
import dev.circulate.internal.Glimpse;
import dev.circulate.internal.GoBlock;
import dev.circulate.internal.Headroom;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.Pending;
import dev.circulate.internal.PutSide;
import dev.circulate.internal.Selection;
import dev.circulate.internal.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a call that was begun: it comes while the caller does other things.
 *
 * {@snippet :
 * try (Answer<Integer> price = Request.to(shop, "price").with("item", 7).begin(int.class);
 *     Answer<Integer> stock = Request.to(store, "stock").with("item", 7).begin(int.class)) {
 *   IO.println(price.get() * stock.get());
 * }
 * }
 *
 * <p>{@link #get()} waits for it. Closing gives the call up: its reply channel is closed, which
 * tells the service to stop, and an answer that comes late is dropped. An answer that is there
 * stays there.
 *
 * <p><b>Threads.</b> For the thread that began it.
 *
 * @param <T> the type of the answer
 */
public final class Answer<T> implements AutoCloseable {
  private static final Buffer ONE = new Buffer.Fixed(1);

  /** A deadline crosses in whole milliseconds, rounded down. */
  private static final Duration ROUNDING = Duration.ofMillis(1);

  private static final Journey NOWHERE = Journey.asked(null);

  private final String command;
  private final Conversion conversion;
  private final Duration limit;
  private final Deadline deadline;
  private final boolean inherited;
  private final LocalChannel<Object> reply;
  private Pending put = Pending.DONE;
  private Journey journey = NOWHERE;

  private boolean settled;
  private @Nullable Object value;
  private @Nullable CallError error;

  Answer(String command, Conversion conversion, Duration limit) {
    this(command, conversion, limit, Deadline.after(limit));
  }

  /**
   * The answer to a call whose time has begun before.
   *
   * @param limit how long it has in all
   * @param own until when that is
   */
  Answer(String command, Conversion conversion, Duration limit, Deadline own) {
    this(command, conversion, limit, own, LocalChannel.open(ONE, null, null));
  }

  private Answer(
      String command,
      Conversion conversion,
      Duration limit,
      Deadline own,
      LocalChannel<Object> reply) {
    this.reply = reply;
    this.command = command;
    this.conversion = conversion;
    this.limit = limit;
    this.deadline = own.earlier(Deadline.current());
    this.inherited = deadline != own;
  }

  /**
   * Runs a piece of code in a go block, as if it were a service: so calls through a typed client
   * run side by side, and whatever else blocks has a limit. Giving the answer up interrupts the
   * code; the limit is the deadline of the calls that it makes.
   *
   * {@snippet :
   * try (Answer<Integer> price = Answer.of("price", limit, () -> shop.price(7));
   *     Answer<Integer> stock = Answer.of("stock", limit, () -> store.stock(7))) {
   *   IO.println(price.get() * stock.get());
   * }
   * }
   *
   * @param name what it is called in messages
   * @param limit how long it may take, from now; longer than zero
   * @param code what to run; a {@link CallException} that it throws is the error, and so is the one
   *     that a channel failed with that it took from; anything else is {@link CallError.Failed}
   * @param <T> the type of the answer
   * @throws IllegalArgumentException if the limit is not longer than zero
   */
  public static <T> Answer<T> of(String name, Duration limit, Callable<? extends T> code) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(code, "code");
    if (!limit.isPositive()) {
      throw new IllegalArgumentException("code runs longer than zero, not " + limit);
    }
    LocalChannel<Object> outcome =
        GoBlock.startCancellable(Context.current().within(limit), name, () -> outcome(code));
    Answer<T> answer =
        new Answer<>(name, Conversion.ANYTHING, limit, Deadline.after(limit), outcome);
    answer.journey = Journey.running();
    return answer;
  }

  private static Map<String, @Nullable Object> outcome(Callable<?> code)
      throws InterruptedException {
    try {
      return Collections.singletonMap("answer", code.call());
    } catch (InterruptedException e) {
      throw e;
    } catch (ChannelFailedException e) {
      return Map.of("error", error(e.getCause() == null ? e : e.getCause()));
    } catch (Exception e) {
      return Map.of("error", error(e));
    }
  }

  /** The error that something is which was thrown for an answer, or closed its channel. */
  static CallError error(Throwable thrown) {
    return switch (thrown) {
      case CallException known -> known.error();
      case PeerLostException lost -> new CallError.PeerLost(lost.peer(), lost.toString());
      default -> CallError.Failed.of(thrown);
    };
  }

  // ---- asking

  void ask(WritePort<Request> service, Map<String, @Nullable Object> arguments) {
    Map<String, @Nullable Object> message = LinkedHashMap.newLinkedHashMap(arguments.size() + 2);
    message.putAll(arguments);
    message.put(Request.COMMAND, command);
    message.put(Request.RETURN, reply);
    send(service, message, Origin.local());
  }

  /** What somebody else has asked, with the answer to come here. */
  Request expectedFor(Request request) {
    Map<String, @Nullable Object> message = new LinkedHashMap<>(request.message());
    message.put(Request.RETURN, reply);
    journey = Journey.arrived();
    return Request.owning(message, request.origin(), deadline, journey);
  }

  /** Asks as somebody else has asked, for whom the answer is. */
  void pass(WritePort<Request> service, Request request) {
    Map<String, @Nullable Object> message = new LinkedHashMap<>(request.message());
    message.put(Request.RETURN, reply);
    send(service, message, request.origin());
  }

  private void send(
      WritePort<Request> service, Map<String, @Nullable Object> message, Origin origin) {
    journey = Journey.asked(service instanceof PutSide<?> side ? side.peer() : null);
    put = RequestPut.begin(service, Request.owning(message, origin, deadline, journey), reply);
  }

  // ---- waiting

  /**
   * Waits for the answer.
   *
   * @throws CallException if there is an error instead, or an answer that is not of the type
   * @throws InterruptedException if interrupted while waiting; the call is given up then
   */
  public T get() throws InterruptedException {
    await();
    @SuppressWarnings("unchecked")
    T converted = (T) converted(command, conversion, value);
    return converted;
  }

  /** An answer as its caller wants it. */
  static Object converted(String command, Conversion conversion, @Nullable Object value) {
    try {
      return conversion.convertToValue(value);
    } catch (Conversion.Misfit misfit) {
      throw new CallException(
          new CallError.Internal("the answer of '" + command + "': " + misfit.getMessage()));
    }
  }

  /** Waits for the answer, and gives it as it came. */
  @Nullable Object raw() throws InterruptedException {
    await();
    return value;
  }

  /** Waits for the answer, whatever it is. */
  void await() throws InterruptedException {
    awaitUntil(deadline.remaining());
    if (error != null) {
      throw new CallException(error);
    }
  }

  private void awaitUntil(Duration wait) throws InterruptedException {
    if (settled) {
      return;
    }
    try {
      Object taken = reply.poll(wait);
      if (taken != null) {
        settle(taken);
      } else if (reply.isClosed()) {
        fail(unanswered());
      } else {
        fail(late(limit));
      }
    } catch (ChannelFailedException e) {
      fail(unanswered());
    } catch (InterruptedException e) {
      fail(
          new CallError.Cancelled("interrupted while waiting for the answer of '" + command + "'"));
      throw e;
    }
  }

  /**
   * Waits until every answer is there, or one has failed, or the limit has passed; {@link #error()}
   * then tells which failed. Those that are late have failed with a timeout.
   *
   * @param answers what to wait for
   * @param limit how long, from now; each answer's own limit holds as well
   * @throws InterruptedException if interrupted while waiting
   */
  public static void awaitAll(Collection<? extends Answer<?>> answers, Duration limit)
      throws InterruptedException {
    Deadline end = Deadline.after(limit);
    List<Answer<?>> open = new ArrayList<>();
    for (Answer<?> answer : answers) {
      if (!answer.settled) {
        open.add(answer);
      }
    }
    while (!open.isEmpty() && answers.stream().allMatch(answer -> answer.error() == null)) {
      Deadline next = end;
      Selection selection = new Selection();
      for (Answer<?> answer : open) {
        selection.take(answer.reply);
        next = next.earlier(answer.deadline);
      }
      int index = selection.await(Time.after(next.remaining()));
      if (index >= 0) {
        Answer<?> answer = open.remove(index);
        if (selection.isClosed()) {
          answer.fail(answer.unanswered());
        } else {
          answer.settle(Objects.requireNonNull(selection.value()));
        }
      } else if (end.hasPassed()) {
        open.forEach(answer -> answer.fail(answer.late(limit)));
        open.clear();
      } else {
        open.stream()
            .filter(answer -> answer.deadline.hasPassed())
            .forEach(answer -> answer.fail(answer.late(answer.limit)));
      }
    }
  }

  /** Whether the answer, or an error instead, is there: {@link #get()} would not wait. */
  public boolean isDone() {
    return settled || reply.buffered() > 0 || reply.isClosed();
  }

  /** The error that a wait has met; null if it met none, or nobody has waited yet. */
  public @Nullable CallError error() {
    return error;
  }

  /** Gives the call up, if its answer is not there. Never blocks. */
  @Override
  public void close() {
    if (!settled) {
      fail(new CallError.Cancelled("'" + command + "' was given up by its caller"));
    }
  }

  // ---- settling

  private void settle(Object taken) {
    if (!(taken instanceof Map<?, ?> map)) {
      fail(
          new CallError.Internal(
              "'" + command + "' was answered with " + Texts.describe(taken) + ", not with a map"));
    } else if (map.get("error") != null) {
      fail(told(CallError.fromData(map.get("error"))));
    } else if (map.containsKey("answer")) {
      value = map.get("answer");
      end();
    } else {
      fail(
          new CallError.Internal(
              "'"
                  + command
                  + "' was answered with neither an answer nor an error: "
                  + Glimpse.of(map.keySet())));
    }
  }

  /**
   * That the deadline passed is seen at the service first, if that is far: when it was this call's
   * own limit, it is late, and what is known there of where the time went is told. A service can
   * also say so of a deadline that is none of this call's.
   */
  private CallError told(CallError error) {
    boolean isOurs =
        error instanceof CallError.DeadlineExceeded
            && !inherited
            && deadline.remaining().compareTo(Headroom.of(limit).plus(ROUNDING)) <= 0;
    return isOurs ? late(limit, journey + ", from where comes: " + error.message()) : error;
  }

  private void fail(CallError why) {
    error = why;
    end();
  }

  /** However it ended, nothing of it stays: neither a waiting put nor an open reply channel. */
  private void end() {
    settled = true;
    put.withdraw();
    reply.cancel();
  }

  private CallError unanswered() {
    return switch (reply.closeCause()) {
      case PeerLostException lost -> CallError.PeerLost.of("'" + command + "'", lost);
      case null ->
          new CallError.Internal(
              "the reply channel of '" + command + "' was closed without an answer");
      case Throwable other -> error(other);
    };
  }

  private CallError late(Duration after) {
    return late(after, journey.toString());
  }

  private CallError late(Duration after, String whereTheTimeWent) {
    if (inherited && deadline.hasPassed()) {
      return new CallError.DeadlineExceeded(
          "the deadline passed before '" + command + "' was answered: " + whereTheTimeWent);
    }
    return new CallError.Timeout(
        after, "'" + command + "' was not answered within " + after + ": " + whereTheTimeWent);
  }
}
