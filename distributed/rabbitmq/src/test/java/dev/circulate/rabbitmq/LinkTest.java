package dev.circulate.rabbitmq;

import java.net.URI;

/** Links over the broker of all tests. */
class LinkTest extends LinkContract {
  @Override
  URI broker() {
    return SharedBroker.uri();
  }
}
