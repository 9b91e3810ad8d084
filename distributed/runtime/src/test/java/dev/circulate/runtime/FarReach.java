package dev.circulate.runtime;

import dev.circulate.WritePort;
import dev.circulate.contract.Reach;
import dev.circulate.service.Request;
import dev.circulate.service.Visibility;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Callers in address space a, services in b, an in-memory link between. */
final class FarReach implements Reach {
  private final TwoSpaces spaces = new TwoSpaces();
  private final BlockingQueue<WritePort<Request>> arrived = new LinkedBlockingQueue<>();

  private final AtomicInteger reached = new AtomicInteger();

  FarReach() {
    spaces.bRoot.handler(
        "receive",
        request -> {
          @SuppressWarnings("unchecked") // what was sent as a service's channel comes as one
          WritePort<Request> service =
              (WritePort<Request>) Objects.requireNonNull(request.argument("channel"));
          return arrived.add(service);
        });
  }

  @Override
  public WritePort<Request> to(WritePort<Request> service) {
    String name = "reached " + reached.incrementAndGet();
    spaces.bRoot.add(name, service, Visibility.PUBLIC);
    try {
      return Request.to(spaces.bRootProxy(), "get-service")
          .with("service", name)
          .as(Request.CHANNEL);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public WritePort<Request> back(WritePort<Request> service) {
    try {
      Request.to(spaces.bRootProxy(), "receive").with("channel", service).done();
      return arrived.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean isLocal() {
    return false;
  }

  @Override
  public void awaitNoReplyChannels() {
    // what a exports are its callers' reply channels; services that it gave back are collected
    Await.until(
        "reply channel forgotten",
        () -> {
          System.gc();
          return spaces.b.held().exports() == 0 && spaces.a.held().imports() == 0;
        },
        () -> "a " + spaces.b.held() + ", b " + spaces.a.held());
  }

  @Override
  public void close() {
    spaces.close();
  }
}
