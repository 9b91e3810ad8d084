package dev.circulate.rabbitmq;

import java.net.URI;

/** Links over the broker that starts within a JVM. */
class LinkOverQpidTest extends LinkContract {
  @Override
  URI broker() {
    return QpidBroker.uri();
  }
}
