package dev.circulate.runtime;

import dev.circulate.Channel;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the nodes that offer a service, and tells when they come and go.
 *
 * <p>What it knows is what it was last told: a node that died without a word is listed until that
 * is noticed. <b>Closing</b> withdraws what was announced through it and ends its watches.
 * <b>Threads.</b> Every method may be called by any thread.
 */
public interface Discovery extends AutoCloseable {
  /**
   * A node and what it offers.
   *
   * @param node its name
   * @param uri where it is reached
   * @param services the names of its public services
   */
  record Offer(String node, URI uri, Set<String> services) {
    /** Keeps a copy of the names. */
    public Offer {
      services = Set.copyOf(services);
    }

    /** Without the password that an address may have. */
    @Override
    public String toString() {
      return "node '%s' at %s with services %s"
          .formatted(node, Addresses.withoutUser(uri), new TreeSet<>(services));
    }
  }

  /**
   * Something changed. A node whose services changed leaves, and comes with the new ones.
   *
   * @param kind what happened
   * @param offer of whom
   */
  record Event(Kind kind, Offer offer) {
    /** What can happen. */
    public enum Kind {
      /** The node is there. */
      CAME,
      /** The node has left, or is gone. */
      LEFT
    }
  }

  /**
   * The nodes that are known to have a service, by name. Does not block.
   *
   * @param service its name
   */
  List<Offer> offering(String service);

  /**
   * A channel of what changes from now on, after an event for each node that is known now. It holds
   * as many events as are not taken; closing it ends the watch, and it is closed with the
   * discovery.
   */
  Channel<Event> events();

  @Override
  void close();
}
