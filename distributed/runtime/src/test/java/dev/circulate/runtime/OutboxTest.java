package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.Encoding;
import dev.circulate.runtime.codec.PacketCodec;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is said at a time fits into a frame, and still does when it is said again. */
class OutboxTest {
  private static final int FRAME = 1024;

  private final Outbox outbox = new Outbox(FRAME);

  private void add(int... lengths) {
    for (int length : lengths) {
      outbox.add(new Outbox.Saying(new Message.Credit("x", length), length, Voice.NOTHING));
    }
  }

  private List<Integer> taken(int most) {
    return outbox.take(most).stream().map(Outbox.Saying::length).toList();
  }

  @Test
  @DisplayName("DI-9 no more is written at a time than a frame is long, but for one that is longer")
  void fits() {
    add(500, 500, 500, 5000, 1024, 1);
    assertThat(taken(256)).containsExactly(500, 500);
    assertThat(taken(256)).containsExactly(500);
    assertThat(taken(256)).containsExactly(5000);
    assertThat(taken(256)).containsExactly(1024);
    assertThat(taken(256)).containsExactly(1);
    assertThat(taken(256)).isEmpty();
  }

  @Test
  @DisplayName("DI-9 what is put back, or was measured, is next, and counts once")
  void putBack() {
    add(100, 200, 300);
    outbox.putBack(outbox.take(2));
    assertThat(outbox.length()).isEqualTo(600);
    assertThat(taken(1)).containsExactly(100);
    add(400);
    assertThat(outbox.length()).isEqualTo(900);
    assertThat(outbox.takeAll()).extracting(Outbox.Saying::length).containsExactly(200, 300, 400);
    assertThat(outbox.length()).isZero();
    assertThat(outbox.isEmpty()).isTrue();
  }

  private static Packet.Batch batch(String filling, long received) {
    return new Packet.Batch(
        7,
        received,
        List.of(new Message.Value("a", filling), new Message.Value("b", "x".repeat(100))));
  }

  @Test
  @DisplayName("DI-7 a batch that fits by a hair is split at first, not too long when said again")
  void saidAgain() {
    FrameCodec frames =
        new FrameCodec(Encoding.JSON, Limits.builder().frame(FRAME).build().frame());
    int room = FRAME - PacketCodec.write(batch("", 0)).length();
    char[] filling = new char[room];
    Arrays.fill(filling, 'x');
    Packet.Batch hair = batch(new String(filling), 0);
    assertThat(frames.write(hair)).hasSize(1);
    assertThatThrownBy(() -> frames.writeNew(hair)).isInstanceOf(CodecException.class);
    assertThatThrownBy(() -> frames.write(batch(new String(filling), Long.MAX_VALUE)))
        .isInstanceOf(CodecException.class);
    Packet.Batch shorter = batch(new String(filling, 0, room - 40), 0);
    assertThat(frames.writeNew(shorter)).hasSize(1);
    assertThat(frames.write(batch(new String(filling, 0, room - 40), Long.MAX_VALUE))).hasSize(1);
  }

  /** What one thread says while another ends it: at the same moment, as nearly as can be. */
  private static final class End {
    private static final Outbox.Saying SAYING =
        new Outbox.Saying(new Message.Credit("x", 1), 1, Voice.NOTHING);

    private final Outbox outbox = new Outbox(FRAME);
    private final AtomicInteger come = new AtomicInteger();
    private volatile boolean over;
    private boolean isSeen;
    private boolean isTaken;

    private void meet() {
      come.incrementAndGet();
      while (come.get() < 2) {
        Thread.onSpinWait();
      }
    }

    void say() {
      meet();
      outbox.add(SAYING);
      isSeen = over;
    }

    /** Ends it a little later, by so many steps. */
    void end(int later) {
      meet();
      for (int i = 0; i < later; i++) {
        Thread.onSpinWait();
      }
      over = true;
      isTaken = !outbox.takeAll().isEmpty();
    }
  }

  @Test
  @DisplayName(
      "DI-8 CH-5 what is said while the session ends is found by who ends it, or who says it")
  void saidAtTheEnd() throws InterruptedException {
    for (int round = 0; round < 20; round++) {
      List<End> ends = Stream.generate(End::new).limit(10_000).toList();
      Thread saying = Thread.ofPlatform().start(() -> ends.forEach(End::say));
      for (int i = 0; i < ends.size(); i++) {
        ends.get(i).end(i % 32);
      }
      saying.join();
      assertThat(ends).filteredOn(end -> !end.isTaken && !end.isSeen).as("nobody's").isEmpty();
    }
  }
}
