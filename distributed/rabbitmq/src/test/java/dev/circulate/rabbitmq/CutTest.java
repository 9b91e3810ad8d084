package dev.circulate.rabbitmq;

import java.net.URI;

/** Cuts of the connection to the broker of all tests. */
class CutTest extends CutContract {
  @Override
  URI broker() {
    return SharedBroker.uri();
  }
}
