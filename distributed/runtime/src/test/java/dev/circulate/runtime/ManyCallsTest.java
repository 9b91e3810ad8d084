package dev.circulate.runtime;

import static dev.circulate.Csp.go;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.WritePort;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** DI-6: calls leave nothing behind; {@code -Dcirculate.calls=1000000} makes a million. */
class ManyCallsTest {
  private static final URI THERE = URI.create("memory://many-calls");
  private static final int CALLERS = 16;

  private final int calls = Integer.getInteger("circulate.calls", 20_000);
  private final AtomicInteger made = new AtomicInteger();

  @Test
  @Timeout(1_200)
  @DisplayName("DI-6 many calls, one in ten with a channel, leave both tables as they were")
  void tablesStayEmpty() throws Exception {
    Root root =
        Root.named("far")
            .handler("plus-one", request -> number(request) + 1)
            .handler(
                "close",
                request -> {
                  ((Channel<?>) Objects.requireNonNull(request.argument("channel"))).close();
                  return 1;
                });
    try (Server server = Server.at(THERE).root(root).start();
        Peer peer = Peer.to(THERE).connect()) {
      call(peer, calls / 10);
      awaitEmptyTables(peer, server);
      long before = usedHeap();
      call(peer, calls);
      awaitEmptyTables(peer, server);
      System.out.printf(
          "%,d calls; the heap had %,d bytes before and has %,d after; tables %s%n",
          calls, before, usedHeap(), peer.held());
    }
  }

  private static long number(Request request) {
    return ((Number) Objects.requireNonNull(request.argument("value"))).longValue();
  }

  private void call(Peer peer, int times) throws InterruptedException {
    made.set(0);
    List<Channel<Boolean>> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      callers.add(go(() -> call(peer.root(), times)));
    }
    for (Channel<Boolean> caller : callers) {
      assertThat(caller.take()).isTrue();
    }
  }

  private boolean call(WritePort<Request> root, int times) throws InterruptedException {
    for (int i = made.getAndIncrement(); i < times; i = made.getAndIncrement()) {
      if (i % 10 == 0) {
        Request.to(root, "close").with("channel", Csp.chan()).done();
      } else {
        assertThat(Request.to(root, "plus-one").with("value", i).as(int.class)).isEqualTo(i + 1);
      }
    }
    return true;
  }

  private static void awaitEmptyTables(Peer peer, Server server) {
    Peer other = server.peers().getFirst();
    Peer.Held nothing = new Peer.Held(0, 0);
    Await.until(
        "empty tables",
        () -> {
          System.gc(); // proxies are let go when they are collected
          return peer.held().equals(nothing) && other.held().equals(nothing);
        },
        () -> peer.held() + " and " + other.held());
  }

  private static long usedHeap() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
