package dev.circulate.rabbitmq;

import java.net.URI;

/** Cuts of the connection to the broker that starts within a JVM. */
class CutOverQpidTest extends CutContract {
  @Override
  URI broker() {
    return QpidBroker.uri();
  }
}
