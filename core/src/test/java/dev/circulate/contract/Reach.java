package dev.circulate.contract;

import dev.circulate.WritePort;
import dev.circulate.service.Request;

/** How callers come by a service: both are in one address space, or there is a link between. */
public interface Reach extends AutoCloseable {
  /** A service as its callers have it. */
  WritePort<Request> to(WritePort<Request> service);

  /** A service on the callers' side as it is known where the services are. */
  WritePort<Request> back(WritePort<Request> service);

  /** Whether the callers are local to the services. */
  boolean isLocal();

  /** Waits until neither side knows any of the callers' reply channels. */
  void awaitNoReplyChannels();

  @Override
  void close();

  /** Callers that hold the service itself. */
  static Reach local() {
    return new Reach() {
      @Override
      public WritePort<Request> to(WritePort<Request> service) {
        return service;
      }

      @Override
      public WritePort<Request> back(WritePort<Request> service) {
        return service;
      }

      @Override
      public boolean isLocal() {
        return true;
      }

      @Override
      public void awaitNoReplyChannels() {}

      @Override
      public void close() {}
    };
  }
}
