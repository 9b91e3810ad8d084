package dev.circulate.runtime;

import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;

/** Finds the transport for a URI. */
final class Transports {
  private Transports() {}

  static Transport of(URI uri) throws IOException {
    if (uri.getScheme() == null) {
      throw new IOException(
          "'%s' has no scheme: expected something like ws://host:8080/csp"
              .formatted(Addresses.withoutUser(uri)));
    }
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    Set<String> known = new TreeSet<>();
    for (Transport transport : ServiceLoader.load(Transport.class)) {
      if (transport.schemes().contains(scheme)) {
        return transport;
      }
      known.addAll(transport.schemes());
    }
    throw new IOException(
        "no transport for '"
            + Addresses.withoutUser(uri)
            + "': the class path has transports for the schemes "
            + known
            + "; circulate-websocket has ws and wss, circulate-rabbitmq amqp and amqps");
  }
}
