package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.internal.TakeHandler;
import dev.circulate.internal.TakeSide;
import dev.circulate.runtime.LinkEvent.Connected;
import dev.circulate.runtime.LinkEvent.Cut;
import dev.circulate.runtime.LinkEvent.Lost;
import dev.circulate.runtime.LinkEvent.Resumed;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** DI-7, DI-8: what a program can see of the link to its peer. */
@Timeout(120)
class LinkEventTest {
  private static final URI THERE = URI.create("memory://link-event-test");

  private final Cuttable network = new Cuttable();
  private Server server;
  private Peer peer;

  @BeforeEach
  void connect() throws IOException, InterruptedException {
    connect(Duration.ofSeconds(20));
  }

  private void connect(Duration grace) throws IOException, InterruptedException {
    Limits limits = Limits.builder().grace(grace).build();
    server = Server.at(THERE).root(Root.named("server")).limits(limits).transport(network).start();
    peer = Peer.to(THERE).limits(limits).transport(network).connect();
  }

  @AfterEach
  void close() {
    peer.close();
    server.close();
  }

  private static <E extends LinkEvent> E next(Channel<LinkEvent> events, Class<E> expected)
      throws InterruptedException {
    LinkEvent event = events.poll(Duration.ofSeconds(20));
    assertThat(event).isInstanceOf(expected);
    return expected.cast(Objects.requireNonNull(event));
  }

  @Test
  @DisplayName("DI-7 both sides see that the link is cut, that the session goes on, and its end")
  void comesBack() throws Exception {
    Channel<LinkEvent> here = peer.linkEvents();
    Channel<LinkEvent> there = server.peers().getFirst().linkEvents();
    next(here, Connected.class);
    next(there, Connected.class);
    network.down();
    assertThat(next(here, Cut.class).why()).startsWith("the link to ");
    assertThat(peer.isReachable()).isFalse();
    next(there, Cut.class);
    network.up();
    next(here, Resumed.class);
    next(there, Resumed.class);
    peer.close();
    assertThat(next(here, Lost.class).cause()).isSameAs(peer.lost());
    assertThat(next(there, Lost.class).cause()).hasMessageContaining("has left");
    assertThat(here.take()).isNull();
    assertThat(there.take()).isNull();
  }

  @RepeatedTest(10)
  @DisplayName("DI-8b who leaves at the moment at which another link has come says so on it")
  void leavesMeanwhile() throws Exception {
    Channel<LinkEvent> there = server.peers().getFirst().linkEvents();
    next(there, Connected.class);
    Channel<LinkEvent> here = peer.linkEvents();
    next(here, Connected.class);
    network.down();
    next(here, Cut.class);
    next(there, Cut.class);
    @SuppressWarnings("unchecked") // it is a channel of events
    TakeSide<LinkEvent> events = (TakeSide<LinkEvent>) here;
    events
        .takeSide()
        .takeAsync(
            new TakeHandler<>() {
              @Override
              public void taken(LinkEvent resumed) {
                peer.close();
              }

              @Override
              public void ended(@Nullable Throwable cause) {}
            });
    network.up();
    next(there, Resumed.class);
    assertThat(next(there, Lost.class).cause()).hasMessageContaining("has left");
  }

  @Test
  @DisplayName("DI-8 a link that does not come back within the grace is seen as lost after its cut")
  void staysAway() throws Exception {
    close();
    connect(Duration.ofMillis(50));
    Channel<LinkEvent> events = peer.linkEvents();
    next(events, Connected.class);
    network.down();
    next(events, Cut.class);
    assertThat(next(events, Lost.class).cause()).hasMessageContaining("no other came within");
    assertThat(events.take()).isNull();
  }

  @Test
  @DisplayName("DI-8 a link that no other can follow is lost, and not cut before")
  void onlyOne() throws Exception {
    try (TwoSpaces spaces = new TwoSpaces()) {
      Channel<LinkEvent> events = spaces.b.linkEvents();
      next(events, Connected.class);
      spaces.link.cut();
      next(events, Lost.class);
      assertThat(events.take()).isNull();
    }
  }

  @Test
  @DisplayName("DI-7 who begins to watch sees first what is the case")
  void beginsLater() throws Exception {
    network.down();
    Await.until("a broken link", () -> !peer.isReachable(), peer::toString);
    next(peer.linkEvents(), Cut.class);
    peer.close();
    Channel<LinkEvent> late = peer.linkEvents();
    next(late, Lost.class);
    assertThat(late.take()).isNull();
  }

  @Test
  @DisplayName("DI-7 who does not look keeps the newest events; a watch that was closed ends alone")
  void doesNotLook() throws Exception {
    Channel<LinkEvent> looks = peer.linkEvents();
    Channel<LinkEvent> doesNot = peer.linkEvents();
    Channel<LinkEvent> ended = peer.linkEvents();
    ended.close();
    next(looks, Connected.class);
    for (int i = 0; i < 20; i++) {
      network.cut();
      next(looks, Cut.class);
      next(looks, Resumed.class);
      Request.to(peer.root(), "list").done(); // so that the next link need not wait
    }
    peer.close();
    next(looks, Lost.class);
    assertThat(doesNot.drain(100)).hasSize(16).last().isInstanceOf(Lost.class);
    assertThat(ended.drain(100)).hasSize(1);
  }

  @Test
  @DisplayName("DI-7 CH-12 a watch that was closed is not kept, though nothing happens to the link")
  void closedIsNotKept() {
    WeakReference<Object> closed = new WeakReference<>(closedWatch());
    Await.collected(closed);
    assertThat(peer.isReachable()).isTrue();
  }

  private Object closedWatch() {
    Channel<LinkEvent> watch = peer.linkEvents();
    watch.close();
    return watch;
  }
}
