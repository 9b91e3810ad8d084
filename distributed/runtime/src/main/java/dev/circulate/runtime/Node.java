package dev.circulate.runtime;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.WritePort;
import dev.circulate.internal.GoBlock;
import dev.circulate.internal.Uncaught;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Command;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.TypeOf;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A process among others that find each other: it offers the public services of its root, and uses
 * those of all.
 *
 * {@snippet :
 * try (Node node = Node.join(URI.create("amqp://broker.internal"), root)) {
 *   WritePort<Request> resize = node.discover("resize").spread(); // the ready ones first
 *   for (Node.Event event : node.events()) {
 *     log("{}", event);
 *   }
 * }
 * }
 *
 * <p>What it offers follows the root: a service that is added or removed is told of within a
 * second. It finds itself, too, if it has what is looked for. <b>Closing</b> tells the others,
 * leaves every node that it uses, and then those that use it. <b>Threads.</b> Every method may be
 * called by any thread.
 */
public final class Node implements Discovery {
  /** How often the root is asked what it offers. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final TypeOf<List<Map<String, Object>>> DETAILS = new TypeOf<>() {};

  private final String name;
  private final Root root;
  private final Server server;
  private final Registry registry;
  private final Limits limits;
  private final Map<String, Pool> pools = new ConcurrentHashMap<>();
  private final Channel<Void> closed = Csp.chan();
  private final WritePort<Request> locator = Service.of(new Locator());

  private Node(String name, Root root, Server server, Registry registry, Limits limits) {
    this.name = name;
    this.root = root;
    this.server = server;
    this.registry = registry;
    this.limits = limits;
  }

  /**
   * Joins the nodes that meet at an address, and begins to serve.
   *
   * @param uri where they meet, such as {@code amqp://broker.internal}; it may say this node's
   *     name: {@code amqp://broker.internal?node=resizer-1}
   * @param root what is offered
   * @throws IOException if that is not possible; the message names the URI and says why
   * @throws InterruptedException if interrupted while waiting; the node has not joined then
   */
  public static Node join(URI uri, Root root) throws IOException, InterruptedException {
    return join(uri, root, Limits.DEFAULTS);
  }

  /**
   * Joins as {@link #join(URI, Root)} does.
   *
   * @param uri where they meet
   * @param root what is offered
   * @param limits what other nodes may demand of this one, and how long it waits for those that
   *     cannot be reached
   * @throws IOException if that is not possible
   * @throws InterruptedException if interrupted while waiting
   */
  public static Node join(URI uri, Root root, Limits limits)
      throws IOException, InterruptedException {
    RegistryProvider provider = Registries.of(uri);
    Server server = Server.at(uri).root(root).limits(limits).start();
    Registry registry = null;
    boolean joined = false;
    try {
      registry = provider.open(uri);
      Node node = new Node(provider.node(server.uri()), root, server, registry, limits);
      Set<String> services = node.publicServices();
      node.announce(services);
      GoBlock.background("announce " + node, () -> node.follow(services));
      joined = true;
      return node;
    } finally {
      if (!joined) {
        try (server) {
          if (registry != null) {
            registry.close();
          }
        }
      }
    }
  }

  private void follow(Set<String> first) throws InterruptedException {
    Set<String> announced = first;
    for (closed.poll(LOOK); !closed.isClosed(); closed.poll(LOOK)) {
      announced = look(announced);
    }
  }

  /** Looks once, and will again, whatever comes of it; answers what is announced then. */
  private Set<String> look(Set<String> announced) throws InterruptedException {
    Set<String> services = announced;
    try {
      services = publicServices();
      if (!services.equals(announced)) {
        announce(services);
      }
    } catch (InterruptedException e) {
      throw e;
    } catch (IllegalArgumentException e) { // beyond what can be announced; once is enough
      Uncaught.report(this + ", when it announced what its root offers", e);
    } catch (Throwable e) {
      Uncaught.report(this + ", when it looked what its root offers", e);
      return announced;
    }
    return services;
  }

  private void announce(Set<String> services) {
    registry.announce(new Offer(name, server.uri(), services));
  }

  /** What others can see of the root. */
  private Set<String> publicServices() throws InterruptedException {
    Set<String> names = new TreeSet<>();
    for (Map<String, Object> service :
        Request.to(root.port(), "list").with("details", true).as(DETAILS)) {
      if (Boolean.TRUE.equals(service.get("public"))) {
        names.add(String.valueOf(service.get("name")));
      }
    }
    names.remove(Root.SELF);
    return names;
  }

  /** What the others know it as. */
  public String name() {
    return name;
  }

  /** Where it listens. */
  public URI uri() {
    return server.uri();
  }

  /** Who is connected to it now. */
  public List<Peer> peers() {
    return server.peers();
  }

  /**
   * Waits until the node is closed: for a process that is there for the others.
   *
   * @throws InterruptedException if interrupted while waiting
   */
  public void awaitStop() throws InterruptedException {
    server.awaitStop();
  }

  // ---- the others

  /**
   * All nodes that offer a service, those that come later as well. The same one for the same name,
   * until it is closed; it is closed with this node.
   *
   * @param service its name
   */
  public Pool discover(String service) {
    Pool pool =
        pools.compute(
            service,
            (wanted, known) ->
                known == null || known.isClosed() ? new Pool(this, wanted, limits) : known);
    if (closed.isClosed()) {
      pool.close();
    }
    return pool;
  }

  @Override
  public List<Offer> offering(String service) {
    return registry.offering(service);
  }

  @Override
  public Channel<Event> events() {
    return registry.events();
  }

  /**
   * A service that answers {@code locate-service} with what any node offers: a root that has it as
   * its delegate finds there what it does not have itself.
   *
   * {@snippet :
   * root.delegate(node.locator());
   * WritePort<Request> resize =
   *     Request.to(root.port(), "locate-service").with("service", "resize").as(Request.CHANNEL);
   * }
   *
   * <p>Whoever may ask the root, from afar as well, then reaches the other nodes through this one.
   */
  public WritePort<Request> locator() {
    return locator;
  }

  /** What answers for the other nodes. */
  final class Locator {
    @Command(doc = "The channel of a service that any node offers, of all who do.")
    WritePort<Request> locateService(String service) {
      if (offering(service).isEmpty()) {
        throw new CallException(
            new CallError.UnknownService(
                "no node that " + Node.this + " knows offers service '" + service + "'"));
      }
      return discover(service).spread();
    }
  }

  @Override
  public void close() {
    closed.close();
    try (server) {
      try {
        registry.close();
      } finally {
        pools.values().forEach(Pool::close);
      }
    }
  }

  @Override
  public String toString() {
    return "node '" + name + "'";
  }
}
