package dev.circulate.rabbitmq;

import java.net.URI;

/** The sides of a queue at the broker of all tests. */
class WorkPortsTest extends WorkPortsContract {
  @Override
  URI broker() {
    return SharedBroker.uri();
  }
}
