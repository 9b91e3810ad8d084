package dev.circulate.runtime;

import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.WritePort;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.Pending;
import dev.circulate.internal.PutHandler;
import dev.circulate.internal.PutSide;
import dev.circulate.internal.ReadFace;
import dev.circulate.internal.TakeHandler;
import dev.circulate.internal.TakeSide;
import dev.circulate.internal.WriteFace;
import dev.circulate.runtime.codec.Tagged;
import dev.circulate.runtime.session.Message;
import dev.circulate.service.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One address space of a simulated world: its channels, its proxies, and what it does with them.
 */
final class SimulatedSpace {
  /**
   * What this space holds of a channel.
   *
   * @param id which channel, in all spaces
   * @param number which port, in all spaces
   * @param depth how many sessions lie between it and the channel
   */
  record Port(String id, int number, int depth, Object handle) {
    @Nullable ProxyChannel<?> proxy() {
      return whole() instanceof ProxyChannel<?> proxy ? proxy : null;
    }

    Channel<?> whole() {
      return switch (handle) {
        case ReadFace<?> face -> face.channel();
        case WriteFace<?> face -> face.channel();
        default -> (Channel<?>) handle;
      };
    }
  }

  /** An operation that waits, and what withdraws it. */
  private record Waiting(Port port, Pending pending, Runnable withdrawn) {}

  private final String name;
  private final Limits limits;
  private final Ledger ledger;
  private final Random random;
  private final IntSupplier numbers;
  private final LocalChannel<Object> requests;
  private final List<Port> ports = new ArrayList<>();
  private final List<ProxyChannel<?>> unheld = new ArrayList<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private final List<SimulatedWire.Side> sides = new ArrayList<>();

  SimulatedSpace(String name, Limits limits, Ledger ledger, Random random, IntSupplier numbers) {
    this.name = name;
    this.limits = limits;
    this.ledger = ledger;
    this.random = random;
    this.numbers = numbers;
    this.requests = LocalChannel.open(new Buffer.Rendezvous(), "root of " + name, null);
    serveNext();
  }

  String name() {
    return name;
  }

  Limits limits() {
    return limits;
  }

  @SuppressWarnings("unchecked") // what arrives there is looked at
  WritePort<Request> root() {
    return (WritePort<Request>) (WritePort<?>) requests.writePort();
  }

  void connected(SimulatedWire.Side side) {
    sides.add(side);
  }

  void disconnected(SimulatedWire.Side side) {
    ledger.sessionDied();
    sides.remove(side);
  }

  /** Takes note of a frame that it says. */
  void says(Frame frame) {
    ledger.said(frame);
  }

  /** Takes note of a value that comes home. */
  void hears(Message message) {
    if (message instanceof Message.Home(_, Tagged(_, Number value))) {
      ledger.cameHome(value.longValue());
    }
  }

  void undelivered(Object value) {
    if (value instanceof Long number) {
      ledger.undelivered(number);
    }
  }

  List<Port> ports() {
    return ports;
  }

  // ---- what its root does

  private void serveNext() {
    requests.takeAsync(
        new TakeHandler<>() {
          @Override
          public void taken(Object value) {
            serve((Request) value);
            serveNext();
          }

          @Override
          public void ended(@Nullable Throwable cause) {}
        });
  }

  private void serve(Request request) {
    if ("here".equals(request.command())) {
      Object handle = argument(request, "channel");
      long hops = (long) argument(request, "depth") + 1;
      int depth = handle instanceof LocalChannel<?> ? 0 : (int) hops; // it may have come home
      ports.add(new Port((String) argument(request, "id"), numbers.getAsInt(), depth, handle));
    } else {
      putTo(
          Objects.requireNonNull(request.replyTo()),
          Map.of("answer", argument(request, "value")),
          () -> {},
          () -> {});
    }
  }

  private static Object argument(Request request, String name) {
    return Objects.requireNonNull(request.argument(name), name);
  }

  // ---- what its program does

  void open() {
    String id = name + "-" + numbers.getAsInt();
    Buffer buffer =
        switch (random.nextInt(5)) {
          case 0 -> new Buffer.Fixed(1 + random.nextInt(4));
          case 1 -> new Buffer.Dropping(1 + random.nextInt(3));
          case 2 -> new Buffer.Sliding(1 + random.nextInt(3));
          default -> new Buffer.Rendezvous();
        };
    Channel<Object> channel = LocalChannel.open(buffer, id, this::undelivered);
    ports.add(new Port(id, numbers.getAsInt(), 0, channel));
  }

  void put(Port port) {
    if (!(port.handle() instanceof PutSide<?>)) {
      return;
    }
    long value = ledger.put(port.id(), port.number());
    Pending pending =
        putTo(port.handle(), value, () -> ledger.accepted(value), () -> ledger.refused(value));
    waiting.add(new Waiting(port, pending, () -> ledger.withdrawn(value)));
  }

  @SuppressWarnings("unchecked") // everything can be put in a simulation
  private static Pending putTo(Object port, Object value, Runnable accepted, Runnable refused) {
    LocalChannel<Object> channel = ((PutSide<Object>) port).putSide();
    return channel.putAsync(
        value,
        new PutHandler() {
          @Override
          public void accepted() {
            accepted.run();
          }

          @Override
          public void refused() {
            refused.run();
          }
        });
  }

  void take(Port port) {
    if (!(port.handle() instanceof TakeSide<?> takes)) {
      return;
    }
    Pending pending =
        takes
            .takeSide()
            .takeAsync(
                new TakeHandler<Object>() {
                  @Override
                  public void taken(Object value) {
                    ledger.taken((long) value, port.id(), port.number());
                  }

                  @Override
                  public void ended(@Nullable Throwable cause) {}
                });
    waiting.add(new Waiting(port, pending, ledger::takerGaveUp));
  }

  /** Gives up an operation that waits. */
  void withdraw(int chosen) {
    Waiting given = waiting.remove(chosen);
    if (given.pending().withdraw()) {
      given.withdrawn().run();
    }
  }

  void withdrawOne() {
    if (!waiting.isEmpty()) {
      withdraw(random.nextInt(waiting.size()));
    }
  }

  void withdrawAll() {
    while (!waiting.isEmpty()) {
      withdraw(waiting.size() - 1);
    }
  }

  void close(Port port) {
    Channel<?> channel = port.whole();
    if (!(port.handle() instanceof Channel<?>)) {
      return;
    }
    switch (random.nextInt(4)) {
      case 0 -> channel.close();
      case 1 -> channel.close(new IllegalStateException("closed in " + name));
      case 2 -> channel.cancel();
      default -> channel.cancel(new IllegalStateException("cancelled in " + name));
    }
  }

  /** Gives a channel, or a face of it, to another space. */
  void give(Port port) {
    if (sides.isEmpty() || port.depth() > 3) {
      return;
    }
    Object given =
        port.handle() instanceof Channel<?> whole
            ? switch (random.nextInt(4)) {
              case 0 -> whole.writePort();
              case 1 -> whole.readPort();
              default -> whole;
            }
            : port.handle();
    request(
        Map.of(
            Request.COMMAND,
            "here",
            "channel",
            given,
            "id",
            port.id(),
            "depth",
            (long) port.depth()));
  }

  private void request(Map<String, Object> message) {
    SimulatedWire.Side side = sides.get(random.nextInt(sides.size()));
    putTo(side.conversation.remoteRoot(), Request.of(message), () -> {}, () -> {});
  }

  void call() {
    if (sides.isEmpty()) {
      return;
    }
    long asked = numbers.getAsInt();
    LocalChannel<Object> reply = LocalChannel.open(new Buffer.Fixed(1), "reply " + asked, null);
    ledger.called();
    boolean[] ended = new boolean[1];
    reply.takeAsync(
        new TakeHandler<>() {
          @Override
          public void taken(Object value) {
            ended[0] = true;
            ledger.call(asked, Objects.requireNonNull(((Map<?, ?>) value).get("answer")));
          }

          @Override
          public void ended(@Nullable Throwable cause) {
            if (ended[0]) {
              return;
            }
            ended[0] = true;
            if (cause == null) {
              ledger.outcome(); // given up
            } else {
              ledger.lost(cause.toString());
            }
          }
        });
    SimulatedWire.Side side = sides.get(random.nextInt(sides.size()));
    Map<String, Object> message =
        Map.of(Request.COMMAND, "echo", "value", asked, Request.RETURN, reply);
    Pending asking =
        putTo(
            side.conversation.remoteRoot(),
            Request.of(message),
            () -> {},
            () -> reply.close(new IllegalStateException("the request was refused")));
    if (random.nextInt(5) == 0) {
      asking.withdraw();
      reply.close();
    }
  }

  /** Lets go of a port, if no operation of this program waits there. */
  void letGo(Port port) {
    ProxyChannel<?> proxy = port.proxy();
    if (proxy != null && waiting.stream().noneMatch(each -> each.port().equals(port))) {
      ports.remove(port);
      unheld.add(proxy);
      collect();
    }
  }

  /** What a garbage collector finds: proxies that nobody here, nor any peer, holds any more. */
  boolean collect() {
    return unheld.removeIf(
        proxy -> {
          boolean held =
              ports.stream().anyMatch(each -> each.proxy() == proxy)
                  || waiting.stream().anyMatch(each -> each.port().proxy() == proxy)
                  || sides.stream().anyMatch(side -> side.conversation.tables().isExported(proxy));
          if (!held) {
            proxy.held().abandon();
          }
          return !held;
        });
  }

  /** Its process has ended: what it held is held by nobody, though the test's process goes on. */
  void die() {
    ports.stream()
        .map(Port::proxy)
        .filter(Objects::nonNull)
        .forEach(proxy -> proxy.held().abandon());
    unheld.forEach(proxy -> proxy.held().abandon());
  }

  /**
   * Takes what is left in its own channels.
   *
   * @return whether there was anything
   */
  boolean drain() {
    boolean any = false;
    for (Port port : ports) {
      if (port.handle() instanceof LocalChannel<?> own) {
        for (Object value : own.drain(Integer.MAX_VALUE)) {
          any = true;
          ledger.taken((long) value, port.id(), -port.number());
        }
      }
    }
    return any;
  }

  @Override
  public String toString() {
    return name + " with " + ports.size() + " ports, " + waiting.size() + " waiting";
  }
}
