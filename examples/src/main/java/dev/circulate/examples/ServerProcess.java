package dev.circulate.examples;

import dev.circulate.Csp;
import dev.circulate.runtime.Server;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The server's half of {@link AllTogetherNow}: offers a root with two commands and one service.
 *
 * <p>It says where it listens on its first line, and ends when its standard input does: when
 * whoever started it is gone.
 */
public final class ServerProcess {
  private ServerProcess() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    AtomicInteger counter = new AtomicInteger();
    Root root =
        Root.named("b-root")
            .handler("inc", _ -> counter.incrementAndGet())
            .handler("get", _ -> counter.get())
            .handler("wait-for-ever", _ -> Csp.chan().take())
            .handler("pid", _ -> ProcessHandle.current().pid());
    // a root is a service like any other, and adding to it is a request, which only local callers
    // may make
    Request.to(root.port(), "add")
        .with("service", "42")
        .with("channel", Service.of(new Calculator()))
        .with("public", true)
        .done();
    try (Server server = Server.start(URI.create(args[0]), root)) {
      IO.println(server.uri());
      while (System.in.read() >= 0) {
        // nothing is said to us
      }
    }
  }
}
