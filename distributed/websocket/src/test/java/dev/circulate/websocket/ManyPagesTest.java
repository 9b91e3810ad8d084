package dev.circulate.websocket;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.WritePort;
import dev.circulate.runtime.Limits;
import dev.circulate.runtime.Peer;
import dev.circulate.runtime.Server;
import dev.circulate.service.Request;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * As many connections as two hundred pages have, to one server, all cut at a stroke, again and
 * again, while callers go on.
 *
 * <p>{@code -Dcirculate.cuts=20} cuts them that often.
 */
@Tag("long")
@Timeout(600)
class ManyPagesTest {
  private static final int PAGES = 200;
  private static final int CALLERS = 64;
  private static final String NOTHING = new Peer.Held(0, 0).toString();

  private final List<Peer> pages = new ArrayList<>();

  @Test
  @DisplayName("DI-7 200 pages' connections opened, cut and resumed under 64 callers: nothing lost")
  void cutAndResumed() throws Exception {
    int cuts = Integer.getInteger("circulate.cuts", 3);
    Limits limits = FarProcess.limits(Duration.ofSeconds(1), Duration.ofSeconds(60));
    List<WritePort<Request>> roots = new CopyOnWriteArrayList<>();
    try (Server server =
            Server.at(URI.create("ws://127.0.0.1:0/csp")).root(Load.root()).limits(limits).start();
        CuttingProxy proxy = new CuttingProxy(server.uri())) {
      try {
        roots.add(open(proxy, limits).root());
        Load load = new Load(roots, CALLERS);
        while (pages.size() < PAGES) {
          roots.add(open(proxy, limits).root());
        }
        for (int i = 0; i < cuts; i++) {
          awaitCalls(load);
          cut(proxy);
        }
        awaitCalls(load);
        load.assertNothingLostOrDoubled();
        assertThat(server.peers()).as("sessions").hasSize(PAGES);
        until("empty tables at the pages", () -> pages.stream().allMatch(ManyPagesTest::isEmpty));
        until(
            "empty tables at the server",
            () -> server.peers().stream().allMatch(ManyPagesTest::isEmpty));
        System.out.printf(
            "%d calls by %d pages through %d connections, none lost or doubled%n",
            load.answered(), PAGES, proxy.accepted());
      } finally {
        pages.forEach(Peer::close);
      }
    }
  }

  private Peer open(CuttingProxy proxy, Limits limits) throws Exception {
    Peer page = Peer.to(proxy.uri()).limits(limits).connect();
    pages.add(page);
    return page;
  }

  /** So many that each page has had its turn. */
  private static void awaitCalls(Load load) {
    int before = load.answered();
    until("calls pass", () -> load.answered() > before + 2 * PAGES);
  }

  /** Cuts all, and waits until they have come back, but for some that had not met the last cut. */
  private void cut(CuttingProxy proxy) {
    int before = proxy.accepted();
    proxy.cut();
    until(
        () -> "they are back; " + (proxy.accepted() - before) + " are",
        () -> proxy.accepted() - before > PAGES / 2 && pages.stream().allMatch(Peer::isReachable));
  }

  private static boolean isEmpty(Peer peer) {
    return peer.held().toString().equals(NOTHING);
  }
}
