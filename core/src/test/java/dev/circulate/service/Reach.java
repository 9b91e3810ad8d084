package dev.circulate.service;

import dev.circulate.WritePort;

/** How a caller comes to the channel of a service. */
@FunctionalInterface
public interface Reach {
  /** What the caller has for a service. */
  WritePort<Request> of(WritePort<Request> service) throws InterruptedException;
}
