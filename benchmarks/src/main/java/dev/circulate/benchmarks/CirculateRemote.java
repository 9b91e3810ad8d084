package dev.circulate.benchmarks;

import static java.util.Objects.requireNonNull;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.runtime.Peer;
import dev.circulate.runtime.Server;
import dev.circulate.service.Command;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.TypeOf;
import dev.circulate.service.Visibility;
import java.io.IOException;
import java.net.URI;

/** Ours: a service behind a root, with the limits that everybody gets. */
final class CirculateRemote implements RemotePeer {
  private static final TypeOf<ReadPort<Integer>> INTEGERS = new TypeOf<>() {};

  /** What the other side offers. */
  public static final class Numbers {
    /** Answers the number after. */
    @Command
    public int plusOne(int value) {
      return value + 1;
    }

    /** Puts so many numbers into the caller's channel. */
    @Command
    public int send(int values, WritePort<Integer> into) throws InterruptedException {
      for (int value = 0; value < values; value++) {
        into.put(value);
      }
      return values;
    }

    /** Answers a channel of so many numbers. */
    @Command
    public ReadPort<Integer> open(int values) {
      Channel<Integer> numbers = Csp.chan(64);
      Csp.go(
          () -> {
            for (int value = 0; value < values; value++) {
              numbers.put(value);
            }
            numbers.close();
          });
      return numbers.readPort();
    }
  }

  private final Peer peer;
  private final WritePort<Request> service;

  private CirculateRemote(Peer peer, WritePort<Request> service) {
    this.peer = peer;
    this.service = service;
  }

  /** Starts the other side. */
  static RemoteServer serve(RemoteLink link) throws IOException {
    URI uri = URI.create(link.crossesProcesses() ? "ws://127.0.0.1:0/csp" : "memory://numbers");
    Root root = Root.named("numbers").add("numbers", Service.of(new Numbers()), Visibility.PUBLIC);
    Server server = Server.at(uri).root(root).codec(link.codec()).start();
    return new RemoteServer(server.uri(), server::close);
  }

  static RemotePeer connect(RemoteLink link, URI uri) throws IOException, InterruptedException {
    Peer peer = Peer.to(uri).codec(link.codec()).connect();
    return new CirculateRemote(
        peer,
        Request.to(peer.root(), "get-service").with("service", "numbers").as(Request.CHANNEL));
  }

  @Override
  public int plusOne(int value) throws InterruptedException {
    return Request.to(service, "plus-one").with("value", value).as(int.class);
  }

  @Override
  public long sent(int values) throws InterruptedException {
    Channel<Integer> into = Csp.chan(64);
    try (var _ =
        Request.to(service, "send")
            .with("values", values)
            .with("into", into.writePort())
            .begin(int.class)) {
      long sum = 0;
      for (int value = 0; value < values; value++) {
        sum += requireNonNull(into.take());
      }
      return sum;
    }
  }

  @Override
  public long taken(int values) throws InterruptedException {
    ReadPort<Integer> numbers = Request.to(service, "open").with("values", values).as(INTEGERS);
    long sum = 0;
    for (int value : numbers) {
      sum += value;
    }
    return sum;
  }

  @Override
  public void close() {
    peer.close();
  }
}
