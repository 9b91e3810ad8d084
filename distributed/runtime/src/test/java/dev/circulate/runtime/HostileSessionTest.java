package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.internal.Uncaught;
import dev.circulate.runtime.codec.Codec;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.FrameLimits;
import dev.circulate.runtime.codec.PacketCodec;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.FrameLostException;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.ProtocolException;
import dev.circulate.runtime.session.Session;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * DI-9: whole sessions with an {@link Attacker}: packets that are right, wrong by little, mutated
 * and out of order, between what the {@link Besieged} program does. {@code
 * -Dcirculate.packets=5000000} says as many; a session that fails prints its seed, for {@code
 * -Dcirculate.seed}.
 */
class HostileSessionTest {
  private static final long PACKETS = Long.getLong("circulate.packets", 20_000);
  private static final int MOST_IN_A_SESSION = 120;
  private static final int[] RUDENESS = {0, 5, 20, 100, 400};

  @Test
  @Timeout(value = 6, unit = TimeUnit.HOURS) // millions of packets, if asked for
  @DisplayName(
      "DI-9 whatever a peer says, its session ends in words or goes on, in bounds, and others too")
  void besieged() {
    Long only = Long.getLong("circulate.seed");
    var before = Uncaught.install((_, _) -> {}); // what cannot be sent is nobody's failure here
    try {
      if (only != null) {
        live(only);
        return;
      }
      long packets = 0;
      for (long seed = System.nanoTime(); packets < PACKETS; seed++) {
        packets += live(seed);
      }
    } finally {
      Uncaught.install(before);
    }
  }

  private static int live(long seed) {
    try {
      return new Siege(seed).live();
    } catch (RuntimeException | Error e) {
      throw new AssertionError(
          "seed %d: %s (again: -Dcirculate.seed=%d)".formatted(seed, e, seed), e);
    }
  }

  /** One session, from the hello to the end, and an innocent one with the same program. */
  private static final class Siege {
    private final Random random;
    private final boolean resumes;
    private final Attacker attacker;
    private final Besieged besieged;
    private final Session session;
    private final Conversation conversation;
    private final FrameCodec codec = new FrameCodec(Codec.JSON.encoding(), FrameLimits.DEFAULTS);
    private final Innocent innocent;
    private long now = 1;
    private @Nullable String over;

    Siege(long seed) {
      this.random = new Random(new SplittableRandom(seed).nextLong()); // or neighbours are alike
      this.resumes = random.nextBoolean();
      this.attacker = new Attacker(random, RUDENESS[random.nextInt(RUDENESS.length)]);
      this.besieged = new Besieged(random);
      this.session = session(resumes ? "a secret" : null);
      this.conversation = conversation(session, besieged, random);
      this.innocent = new Innocent(besieged, random);
    }

    static Session session(@Nullable String offer) {
      return new Session(Besieged.LIMITS.session(), offer, 1);
    }

    static Conversation conversation(Session session, Besieged program, Random random) {
      return new Conversation(
          session,
          "somebody",
          new Terms(program.root(), Besieged.LIMITS, Codec.JSON, _ -> {}, null, null),
          () -> {},
          () -> Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong()),
          Runnable::run);
    }

    int live() {
      int packets = 1;
      if (attacker.isHonest() || random.nextInt(10) > 0) {
        hear(PacketCodec.write(Attacker.hello(resumes)));
      }
      for (; packets < MOST_IN_A_SESSION && over == null; packets++) {
        String frame = PacketCodec.write(attacker.next());
        hear(attacker.isHonest() || random.nextInt(100) > 0 ? frame : mutated(frame));
        if (over == null && random.nextBoolean()) {
          besieged.act();
        }
        say();
        assertBounded();
      }
      assertEndsClean();
      return packets;
    }

    private String mutated(String frame) {
      StringBuilder text = new StringBuilder(frame);
      for (int times = 1 + random.nextInt(3); times > 0; times--) {
        text.setCharAt(
            random.nextInt(text.length()), "[]{}\",:~#^0-1nfmz".charAt(random.nextInt(17)));
      }
      return text.toString();
    }

    private void hear(String text) {
      now += random.nextInt(1_000_000);
      try {
        for (Packet packet : codec.read(new Frame.Text(text), _ -> {})) {
          hear(packet, text.length());
        }
      } catch (FrameLostException e) {
        assertThat(resumes).isTrue();
        resume();
      } catch (ProtocolException | CodecException | ArithmeticException | ClassCastException e) {
        end(e.getMessage());
      }
    }

    private void hear(Packet packet, int size) {
      boolean _ = conversation.hear(packet, size, now);
      switch (packet) {
        case Packet.Hello hello -> codec.agree(hello);
        case Packet.Bye bye -> end(bye.sentence() + "; it left");
        default -> {}
      }
      if (over == null && conversation.isBeyondBacklog()) {
        end("it does not read");
      }
    }

    /** What was said last is lost with the link; who comes back may lie about how far it heard. */
    private void resume() {
      try {
        session.resumed(attacker.heard(), now);
        for (Packet again : session.unconfirmed(now)) {
          attacker.hear(again);
        }
      } catch (ProtocolException e) {
        end(e.getMessage());
      }
    }

    private void say() {
      if (over != null) {
        return;
      }
      for (Packet packet = conversation.next(now);
          packet != null;
          packet = conversation.next(now)) {
        String text = PacketCodec.write(packet);
        if (packet instanceof Packet.Batch) {
          conversation.sized(text.length());
        }
        attacker.hear(PacketCodec.read(text, FrameLimits.DEFAULTS));
      }
    }

    private void assertBounded() {
      Peer.Held held = conversation.tables().held();
      assertThat(held.exports()).as("exports").isLessThan(Besieged.LIMITS.exports());
      assertThat(held.imports()).as("imports").isLessThan(Besieged.LIMITS.imports());
      assertThat(conversation.unsaid())
          .as("unsaid")
          .isLessThanOrEqualTo(2 * Besieged.LIMITS.backlog());
    }

    private void end(@Nullable String why) {
      if (over == null) {
        over = String.valueOf(why);
        assertThat(over).as("what the peer is told").isNotBlank().isNotEqualTo("null");
        conversation.end(Besieged.lost(over));
        conversation.fallSilent();
      }
    }

    private void assertEndsClean() {
      assertThat(over == null || !attacker.isHonest() || over.contains("limit of this side"))
          .as("an honest peer is not accused: " + over)
          .isTrue();
      end("that was all");
      assertThat(conversation.tables().held()).isEqualTo(new Peer.Held(0, 0));
      assertThat(conversation.unsaid()).isZero();
      assertThat(conversation.keptSize()).isZero();
      innocent.assertServed();
      besieged.assertFree();
    }
  }

  /** Another peer of the same program, which keeps to the protocol. */
  private static final class Innocent {
    private final Session session = Siege.session(null);
    private final Conversation there;
    private long said;

    Innocent(Besieged program, Random random) {
      this.there = Siege.conversation(session, program, random);
      hear(Attacker.hello(false));
    }

    private void hear(Packet packet) {
      boolean _ = there.hear(packet, 50, 1);
    }

    void assertServed() {
      hear(
          new Packet.Batch(
              ++said,
              0,
              List.of(
                  new Message.Forward(
                      "root",
                      Map.of("_cmd", "echo", "_return", new Reference("mine", Rights.PUT, true)),
                      true,
                      -1,
                      0))));
      assertThat(String.valueOf(there.next(1))).contains("target=mine").contains("answer");
      assertThat(there.tables().held()).isEqualTo(new Peer.Held(0, 0));
      assertThat(session.state()).isEqualTo(Session.State.OPEN);
    }
  }
}
