package dev.circulate.rabbitmq;

import java.net.URI;

/** The sides of a queue at the broker that starts within a JVM. */
class WorkPortsOverQpidTest extends WorkPortsContract {
  @Override
  URI broker() {
    return QpidBroker.uri();
  }
}
