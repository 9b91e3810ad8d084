package dev.circulate.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * DI-9: honest frames, mutated, are read or refused with a {@link CodecException}; nothing else is
 * thrown, none costs more memory than its length explains, and the next is read as it is. A frame
 * is made from its seed alone: a failure prints what replays it. {@code -Dcirculate.fuzz=1000000}
 * reads as many.
 */
class FrameFuzzTest {
  private static final int FRAMES = Integer.getInteger("circulate.fuzz", 20_000);
  private static final long SEED = Long.getLong("circulate.fuzz.seed", System.nanoTime());

  /** So many frames, the same each time, are read before what they cost is looked at. */
  private static final int WARMING = 1_000;

  /** For frames of at most some thousand bytes. */
  private static final long MOST_ALLOCATED = 4 << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final Outgoing OUTGOING =
      new Outgoing(100, Handlers.none(), _ -> new Reference("0a", Rights.ALL, false));

  private static final Incoming INCOMING = new Incoming(100, Handlers.none(), r -> r);

  private static final List<Packet> HONEST =
      List.of(
          new Packet.Hello(1, "x", List.of("msgpack"), "0123456789abcdef", 5_000, 256, "Bearer x"),
          new Packet.Beat(70_000, 3),
          new Packet.Resume("0123456789abcdef", 12),
          new Packet.Resumed(11),
          new Packet.Bye("leaving", "so long", 9),
          new Packet.Batch(
              1,
              0,
              List.of(
                  new Message.Forward("root", body(Map.of("_cmd", "get", "x", 8)), true, 20, 0),
                  new Message.Value("0a", body(List.of(1L, 2.5, 'c', Set.of(List.of(1), 2)))),
                  new Message.Home("0a", body(new Tagged("point", List.of(1, 2)))),
                  new Message.Closed("0a", new Message.Cause("T", "m"), true),
                  new Message.Release("0a", 1))),
          new Packet.Batch(
              Long.MAX_VALUE,
              7,
              List.of(
                  new Message.Forward("a", body(new java.math.BigDecimal("1E+99")), false, -1, 1),
                  new Message.Value("a", body(Map.of(List.of(1), Instant.MAX))),
                  new Message.Value("b", body(List.of(Duration.ofNanos(1), new byte[300]))),
                  new Message.Value("b", body("text".repeat(100))),
                  new Message.Credit("a", 64))));

  private static Object body(Object value) {
    return OUTGOING.body(value);
  }

  @Test
  @Timeout(value = 6, unit = TimeUnit.HOURS) // millions of frames, if asked for
  @DisplayName("DI-9 mutated frames are read or refused, and cost no memory to speak of")
  void mutated() {
    List<byte[]> honest = new ArrayList<>();
    for (Packet packet : HONEST) {
      honest.add(PacketCodec.write(packet).getBytes(StandardCharsets.UTF_8));
      honest.add(PacketCodec.writeBytes(packet));
    }
    for (int seed = 0; seed < WARMING; seed++) {
      reads(seed, honest, Long.MAX_VALUE);
    }
    int read = 0;
    for (int i = 0; i < FRAMES; i++) {
      if (reads(SEED + i, honest, MOST_ALLOCATED)) {
        read++;
      }
    }
    if (FRAMES >= 1_000) {
      assertThat(read)
          .as("some mutations are harmless, and some are not")
          .isBetween(FRAMES / 100, FRAMES - 1);
    }
  }

  /** Whether the frame that a seed makes of the honest ones is read, and not refused. */
  private static boolean reads(long seed, List<byte[]> honest, long mostAllocated) {
    Random random = new Random(seed);
    int chosen = random.nextInt(honest.size());
    byte[] frame = mutate(honest.get(chosen), honest, random);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    boolean read = false;
    try {
      read = decodes(frame, chosen % 2 == 0);
    } catch (RuntimeException | Error e) {
      fail(replay(seed, frame) + " threw " + e, e);
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    if (allocated > mostAllocated) {
      fail(replay(seed, frame) + " allocated " + allocated + " bytes");
    }
    if (!decodes(honest.get(chosen), chosen % 2 == 0)) {
      fail(replay(seed, frame) + " spoiled the next frame");
    }
    return read;
  }

  private static String replay(long seed, byte[] frame) {
    return "-Dcirculate.fuzz=1 -Dcirculate.fuzz.seed="
        + seed
        + ": "
        + HexFormat.of().formatHex(frame);
  }

  private static boolean decodes(byte[] frame, boolean text) {
    try {
      Packet packet =
          text
              ? PacketCodec.read(new String(frame, StandardCharsets.UTF_8), FrameLimits.DEFAULTS)
              : PacketCodec.read(frame, FrameLimits.DEFAULTS);
      if (packet instanceof Packet.Batch batch) {
        batch.messages().forEach(FrameFuzzTest::received);
      }
      return true;
    } catch (CodecException e) {
      return false;
    }
  }

  /** What is received goes on, too: an echo must not be the end of whoever echoes. */
  private static void received(Message message) {
    Object body =
        switch (message) {
          case Message.Forward forward -> forward.body();
          case Message.Value value -> value.body();
          case Message.Home home -> home.body();
          default -> "";
        };
    Object value = INCOMING.convert(body);
    if (value != null && !value.toString().contains("Reference[")) {
      TransitCodec.write(OUTGOING.body(value));
    }
  }

  private static byte[] mutate(byte[] honest, List<byte[]> others, Random random) {
    byte[] frame = honest.clone();
    for (int n = 1 + random.nextInt(4); n > 0 && frame.length > 0; n--) {
      int at = random.nextInt(frame.length);
      switch (random.nextInt(6)) {
        case 0 -> frame[at] = (byte) random.nextInt(256);
        case 1 -> frame[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> frame = Arrays.copyOf(frame, at);
        case 3 -> frame = spliced(frame, at, frame, random);
        case 4 -> frame = spliced(frame, at, others.get(random.nextInt(others.size())), random);
        default -> frame[at] = (byte) "[]{}\",:~#^0-'nfmzub".charAt(random.nextInt(19));
      }
    }
    return frame;
  }

  /** The frame with a piece of another put in. */
  private static byte[] spliced(byte[] frame, int at, byte[] other, Random random) {
    int from = random.nextInt(other.length);
    int length = random.nextInt(Math.min(other.length - from, 40));
    byte[] longer = Arrays.copyOf(frame, frame.length + length);
    System.arraycopy(frame, at, longer, at + length, frame.length - at);
    System.arraycopy(other, from, longer, at, length);
    return longer;
  }
}
