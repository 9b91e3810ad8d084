package dev.circulate.rabbitmq;

import java.net.URI;
import org.junit.jupiter.api.Tag;

/** Links over the broker that starts within a JVM. */
@Tag("long")
class LinkOverQpidTest extends LinkContract {
  @Override
  URI broker() {
    return QpidBroker.uri();
  }
}
