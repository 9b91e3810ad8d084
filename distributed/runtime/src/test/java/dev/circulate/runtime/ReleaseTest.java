package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.PeerLostException;
import dev.circulate.internal.Pending;
import dev.circulate.internal.PutHandler;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.Message;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * DI-6: the release of a proxy is the last that its owner hears of it, whatever comes meanwhile.
 */
class ReleaseTest {
  private final Ear owner = new Ear();
  private final Import held =
      new Import(owner, new Reference("theirs", Rights.ALL, false), "the owner");

  private Pending taker = () -> false;

  @BeforeEach
  void oneTakeIsAsked() {
    held.receive();
    taker = held.receiver().inbound().takeAsync(new Nobody());
    assertThat(owner.said).containsExactly(new Message.Take("theirs", 1));
    owner.said.clear();
  }

  @Test
  @DisplayName("DI-6 a taker whose word comes late says nothing after the release")
  void lateTaker() {
    held.closedThere(null, true);
    assertThat(owner.said).containsExactly(new Message.Release("theirs", 1));
    held.demandChanged(); // of one that began to wait just before the close
    assertThat(owner.said).containsExactly(new Message.Release("theirs", 1));
  }

  @Test
  @DisplayName("DI-6 CH-5 a value that nobody takes goes home before the release, not to the hook")
  void offered() {
    held.cancel(null);
    owner.said.clear();
    owner.meanwhile = held::abandon; // the collector finds that nobody holds the proxy
    held.receiver().value("late");
    assertThat(owner.said)
        .containsExactly(new Message.Home("theirs", "late"), new Message.Release("theirs", 1));
    assertThat(owner.undelivered).isEmpty();
  }

  @Test
  @DisplayName("DI-6 a close that became needless is not waited for when the proxy is let go")
  void needlessClose() {
    Import full = new Import(owner, new Reference("full", Rights.ALL, false), "the owner");
    full.receive();
    List<Boolean> accepted = new ArrayList<>();
    for (int i = 0; i <= owner.window(); i++) {
      full.sender().outbound().putAsync(i, told(accepted)); // the last waits for credit
    }
    full.sender().close(null);
    full.closedThere(null, false); // something is left there, which nobody takes
    assertThat(accepted).containsExactly(true, true, true, true, false);
    full.abandon();
    assertThat(owner.said).endsWith(new Message.Release("full", 1));
  }

  @Test
  @DisplayName("CH-1 of two who answer at the same moment one is told that the other was first")
  void secondAnswer() {
    Import reply = new Import(owner, new Reference("reply", Rights.PUT, true), "the owner");
    reply.receive();
    List<Boolean> accepted = new ArrayList<>();
    owner.meanwhile =
        () -> {
          owner.meanwhile = Voice.NOTHING;
          reply.sender().outbound().putAsync("second", told(accepted));
        };
    reply.sender().outbound().putAsync("first", told(accepted));
    assertThat(owner.said).containsExactly(new Message.Forward("reply", "first", false, -1, 1));
    assertThat(accepted).containsExactlyInAnyOrder(true, false);
    assertThat(owner.undelivered).isEmpty();
  }

  private static PutHandler told(List<Boolean> accepted) {
    return new PutHandler() {
      @Override
      public void accepted() {
        accepted.add(true);
      }

      @Override
      public void refused() {
        accepted.add(false);
      }
    };
  }

  @Test
  @DisplayName("CH-13 a value that nobody takes and that cannot be sent home goes to the hook")
  void noWayHome() {
    held.cancel(null);
    owner.meanwhile =
        () -> {
          throw new CodecException("no words for it");
        };
    held.receiver().value("late");
    assertThat(owner.undelivered).containsExactly("late");
  }

  /** A value came for one of two takers who gave up; that of the other may still come. */
  private void comesTooLate() {
    Pending other = held.receiver().inbound().takeAsync(new Nobody());
    boolean _ = other.withdraw();
    boolean _ = taker.withdraw();
    held.receiver().value("late");
  }

  @Test
  @DisplayName("DI-8 CH-5 what could not go home yet is undelivered when the peer is lost")
  void lostWithLeftovers() {
    comesTooLate();
    held.abandon();
    assertThat(owner.undelivered).isEmpty();
    held.lose(new PeerLostException("the owner", "no link came"));
    assertThat(owner.undelivered).containsExactly("late");
  }

  @Test
  @DisplayName("DI-8 CH-5 what came is there while the lost proxy is held, and then undelivered")
  void letGoAfterLoss() {
    comesTooLate();
    held.lose(new PeerLostException("the owner", "no link came"));
    assertThat(owner.undelivered).isEmpty();
    held.abandon();
    assertThat(owner.undelivered).containsExactly("late");
  }

  @Test
  @DisplayName("DI-5 a close that comes while a value is written is told after it")
  void closeInHand() {
    owner.meanwhile = () -> held.sender().close(null);
    held.sender().outbound().putAsync("last", new Nobody());
    assertThat(owner.said)
        .containsExactly(
            new Message.Forward("theirs", "last", false, -1, 0), new Message.Close("theirs", null));
  }
}
