package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DI-7: what still comes over a link after the session went on with another. */
class FormerLinkTest {
  private static final URI HERE = URI.create("scripted://here");
  private static final Packet.Beat BEAT = new Packet.Beat(0, 0);

  private final AtomicInteger calls = new AtomicInteger();
  private final Root root = Root.named("server").handler("inc", _ -> calls.incrementAndGet());

  private static Packet.Batch call(long number) {
    Reference reply = new Reference("reply " + number, Rights.PUT, true);
    Map<String, Object> body = Map.of(Request.COMMAND, "inc", Request.RETURN, reply);
    return new Packet.Batch(number, 0, List.of(new Message.Forward("root", body, true, -1, 0)));
  }

  @Test
  @DisplayName("DI-7 nothing is heard of a former link: no call, and not that the peer leaves")
  void former() throws Exception {
    Doorbell network = new Doorbell();
    try (Server server = Server.at(HERE).root(root).transport(network).start()) {
      ScriptedLink former = network.ring();
      former.say(new Packet.Hello(1, "client", List.of(), "", 0, 64, null));
      Packet.Hello hello = (Packet.Hello) former.heard();
      assertThat(hello.session()).isNotEmpty();
      former.say(BEAT); // the hello has been heard
      Channel<LinkEvent> events = server.peers().getFirst().linkEvents();

      ScriptedLink present = network.ring();
      present.say(new Packet.Resume(String.valueOf(hello.session()), 0));
      assertThat(present.heard()).isEqualTo(new Packet.Resumed(0));
      assertThat(events.drain(16))
          .hasExactlyElementsOfTypes(
              LinkEvent.Connected.class, LinkEvent.Cut.class, LinkEvent.Resumed.class);
      Await.until(
          "a former link that is closed", former.outgoing()::isClosed, former.outgoing()::toString);

      former.say(call(1));
      former.say(new Packet.Bye(Packet.Bye.LEAVING, "was said before the link broke", 0));
      former.say(BEAT); // the others have been dealt with
      assertThat(server.peers()).singleElement().matches(Peer::isReachable);

      present.say(call(1));
      assertThat(present.heard()).isInstanceOf(Packet.Batch.class);
      assertThat(calls).hasValue(1);
    }
  }
}
