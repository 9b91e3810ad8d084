package dev.circulate.runtime;

import dev.circulate.Deadline;
import dev.circulate.internal.Quota;
import dev.circulate.internal.Seat;
import dev.circulate.runtime.codec.Incoming;
import dev.circulate.runtime.session.Message;
import dev.circulate.service.CallError;
import dev.circulate.service.Origin;
import dev.circulate.service.Request;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Does what the peer's messages say, to the channels that they name. Nothing that it does waits;
 * one thread at a time calls it.
 */
final class Dispatcher {
  private final Tables tables;
  private final Incoming incoming;
  private final Quota requests;
  private Origin.Remote origin;

  /** Why no request is taken any more; null while they are. */
  private volatile @Nullable String refusal;

  /**
   * A dispatcher.
   *
   * @param requests counts the peer's requests while they are under way
   * @param origin whose messages they are, as far as it is known
   */
  Dispatcher(Tables tables, Incoming incoming, Quota requests, Origin.Remote origin) {
    this.tables = tables;
    this.incoming = incoming;
    this.requests = requests;
    this.origin = origin;
  }

  /** From now on every request is refused. */
  void refuseRequests(String why) {
    refusal = why;
  }

  boolean refusesRequests() {
    return refusal != null;
  }

  /** It is known now whose messages they are. */
  void isFrom(Origin.Remote peer) {
    this.origin = peer;
  }

  /**
   * Does what one message says.
   *
   * @throws dev.circulate.runtime.session.ProtocolException if it must not come
   * @throws dev.circulate.PeerLostException if the session has ended meanwhile
   * @throws dev.circulate.runtime.codec.CodecException if a body in it cannot be read
   */
  void act(Message message) {
    String target = message.target();
    switch (message) {
      case Message.Forward forward -> forward(forward);
      case Message.Take(_, int takers) -> tables.export(target).take(takers);
      case Message.Untake(_, int takers) -> tables.export(target).untake(takers);
      case Message.Home(_, Object body) -> tables.export(target).home(received(body));
      case Message.Close(_, Message.Cause cause) -> tables.export(target).close(cause);
      case Message.Cancel(_, Message.Cause cause) -> tables.export(target).cancel(cause);
      case Message.Release(_, long count) -> tables.release(target, count);
      case Message.Value(_, Object body) -> tables.asking(target).receiver().value(received(body));
      case Message.Untaken(_, int takers) -> tables.asking(target).receiver().untaken(takers);
      case Message.Credit(_, int puts) -> {
        Import held = tables.imported(target);
        if (held != null) {
          held.sender().credit(puts);
        }
      }
      case Message.Closed(_, Message.Cause cause, boolean drained) -> {
        Import held = tables.imported(target);
        if (held != null) {
          held.closedThere(cause, drained);
        }
      }
    }
  }

  private void forward(Message.Forward forward) {
    Export export = tables.target(forward.target());
    if (export == null) {
      return;
    }
    Object value = received(forward.body());
    if (value instanceof Map<?, ?> map && (forward.request() || map.containsKey(Request.COMMAND))) {
      Deadline deadline =
          forward.deadline() < 0
              ? Deadline.none()
              : Deadline.after(Duration.ofMillis(forward.deadline()));
      value = Request.received(map, origin, deadline, new Seat(requests));
    }
    if (export.reference().reply()) {
      // first, or whoever gets the answer may close the channel and the peer be told of that
      release(forward);
      put(export, value);
    } else {
      put(export, value); // first, or it would not count among what the holder leaves behind
      release(forward);
    }
  }

  private void release(Message.Forward forward) {
    if (forward.released() > 0) {
      tables.release(forward.target(), forward.released());
    }
  }

  private void put(Export export, Object value) {
    String why = refusal;
    if (why != null && value instanceof Request request) {
      boolean _ = ErrorAnswer.tell(request, new CallError.Refused(why));
      export.refused();
    } else {
      export.forward(value);
    }
  }

  private Object received(Object body) {
    return Objects.requireNonNull(incoming.convert(body), "a body was checked to be there");
  }
}
