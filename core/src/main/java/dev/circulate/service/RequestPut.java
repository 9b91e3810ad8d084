package dev.circulate.service;

import dev.circulate.PeerLostException;
import dev.circulate.Ports;
import dev.circulate.WritePort;
import dev.circulate.internal.Context;
import dev.circulate.internal.GoBlock;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.Pending;
import dev.circulate.internal.PutHandler;
import dev.circulate.internal.PutSide;

/**
 * A request on its way into a service's channel, while who asks does other things. That it cannot
 * come there closes the reply channel, with the error.
 */
final class RequestPut implements PutHandler {
  private final WritePort<Request> service;
  private final Request request;
  private final LocalChannel<Object> reply;

  private RequestPut(WritePort<Request> service, Request request, LocalChannel<Object> reply) {
    this.service = service;
    this.request = request;
    this.reply = reply;
  }

  /**
   * Begins to put it; never blocks.
   *
   * @return withdraws it
   */
  static Pending begin(WritePort<Request> service, Request request, LocalChannel<Object> reply) {
    RequestPut put = new RequestPut(service, request, reply);
    @SuppressWarnings("unchecked") // what is put into it are requests
    PutSide<Request> side = service instanceof PutSide<?> known ? (PutSide<Request>) known : null;
    return side != null && side.asPut(request) == request
        ? side.putSide().putAsync(request, put)
        : put.offer();
  }

  /** Puts it where only the port itself knows how, which may have to wait. */
  private Pending offer() {
    try {
      if (service.offer(request)) {
        accepted();
        return Pending.DONE;
      } else if (service.isClosed()) {
        refused();
        return Pending.DONE;
      }
    } catch (RuntimeException e) {
      failed(e);
      return Pending.DONE;
    }
    LocalChannel<Object> waiting =
        GoBlock.startCancellable(Context.current(), request + " to " + service, this::await);
    return () -> {
      waiting.cancel();
      return true;
    };
  }

  private Object await() throws InterruptedException {
    try {
      if (service.offer(request, request.deadline().remaining())) {
        accepted();
      } else if (service.isClosed()) {
        refused();
      }
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      failed(e);
    }
    return this;
  }

  @Override
  public void accepted() {
    request.journey().taken();
  }

  @Override
  public void refused() {
    String what = "'" + request.command() + "'";
    CallError why =
        Ports.closeCause(service) instanceof PeerLostException lost
            ? CallError.PeerLost.of(what, lost)
            : new CallError.UnknownService(what + " was not accepted: " + service + " is closed");
    reply.close(new CallException(why));
  }

  private void failed(Throwable thrown) {
    reply.close(new CallException(Answer.error(thrown)));
  }
}
