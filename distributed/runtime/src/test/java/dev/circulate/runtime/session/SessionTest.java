package dev.circulate.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of docs/protocol.md for numbers, acknowledgements and states, one by one. */
class SessionTest {
  private static final long BEAT = TimeUnit.SECONDS.toNanos(5);
  private static final long UNACKED = Session.SIZE_PER_ACK;
  private static final Session.Terms TERMS =
      new Session.Terms(BEAT, TimeUnit.SECONDS.toNanos(16), UNACKED, 256);

  private final List<Long> lost = new ArrayList<>();
  private long now = 1;

  private static Packet.Hello hello(@Nullable String session, int window) {
    return new Packet.Hello(Session.VERSION, "x", List.of(), session, 5_000, window, null);
  }

  private Session opened(@Nullable String ours, @Nullable String theirs) {
    Session session = new Session(TERMS, ours, now);
    assertThat(session.heard(hello(theirs, 0), 50, now)).isEmpty();
    return session;
  }

  private Session resumable() {
    return opened("", "a secret");
  }

  private Session withoutResume() {
    return opened(null, null);
  }

  private static List<Message> messages(long content) {
    return List.of(new Message.Forward("root", content, false, -1, 0));
  }

  private Packet.Batch say(Session session, int size) {
    long content = session.beat(now).said() + 1;
    Packet.Batch batch = session.batch(messages(content), () -> lost.add(content), now);
    session.sized(size);
    return batch;
  }

  private List<Message> hear(Session session, long number) {
    return session.heard(new Packet.Batch(number, 0, messages(number)), 50, now);
  }

  private List<Long> kept(Session session) {
    return session.unconfirmed(now).stream().map(Packet.Batch::number).toList();
  }

  @Test
  @DisplayName("DI-8b a peer that may be silent for longer than is allowed is refused in words")
  void slowBeat() {
    Session session = new Session(TERMS, "", now);
    Packet.Hello hello = new Packet.Hello(1, "x", List.of(), "s", 16_000, 0, null);
    assertThatThrownBy(() -> session.heard(hello, 50, now))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("a beat of 16000 ms: a silence of 16000 ms ends the session here");
  }

  @Test
  @DisplayName("DI-8b a beat is due when nothing else was said for so long")
  void beatDue() {
    Session session = resumable();
    assertThat(session.beatDue()).isEqualTo(now + BEAT);
    now += 7;
    say(session, 10);
    assertThat(session.beatDue()).isEqualTo(now + BEAT);
  }

  @Test
  @DisplayName("DI-7 what is said is numbered from 1 and kept until it is confirmed, no longer")
  void keeps() {
    Session session = resumable();
    for (long number = 1; number <= 4; number++) {
      assertThat(say(session, 10).number()).isEqualTo(number);
    }
    session.heard(new Packet.Beat(0, 2), 20, now);
    assertThat(kept(session)).containsExactly(3L, 4L);
    assertThat(session.unconfirmedSize()).isEqualTo(20);
    session.heard(new Packet.Batch(1, 3, messages(1)), 20, now);
    assertThat(kept(session)).containsExactly(4L);
    session.heard(new Packet.Bye("leaving", "so long", 4), 20, now);
    assertThat(kept(session)).isEmpty();
    assertThat(session.unconfirmedSize()).isZero();
    assertThat(session.lost()).isEmpty();
  }

  @Test
  @DisplayName(
      "DI-7 what is said again has its number and messages, in order, and tells the newest")
  void saysAgain() {
    Session session = resumable();
    List<Packet.Batch> said = List.of(say(session, 10), say(session, 10), say(session, 10));
    hear(session, 1);
    hear(session, 2);
    session.resumed(1, now);
    List<Packet.Batch> again = session.unconfirmed(now);
    assertThat(again).hasSize(2);
    for (int i = 0; i < 2; i++) {
      assertThat(again.get(i).number()).isEqualTo(i + 2L);
      assertThat(again.get(i).messages()).isEqualTo(said.get(i + 1).messages());
      assertThat(again.get(i).received()).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("DI-7 what is said again tells how far was heard; where nothing is, that is owed")
  void owedAfterResume() {
    Session session = resumable();
    session.heard(new Packet.Batch(1, 0, messages(1)), Session.SIZE_PER_ACK, now);
    session.resumed(0, now);
    assertThat(session.unconfirmed(now)).isEmpty();
    assertThat(session.owesAck()).isTrue();
    say(session, 10);
    session.heard(new Packet.Batch(2, 0, messages(2)), Session.SIZE_PER_ACK, now);
    session.resumed(0, now);
    assertThat(session.unconfirmed(now)).hasSize(1);
    assertThat(session.owesAck()).isFalse();
  }

  @Test
  @DisplayName("DI-7 batches are acted on in order, each once, and a gap is seen")
  void inOrder() {
    Session session = resumable();
    assertThat(hear(session, 1)).isEqualTo(messages(1));
    assertThat(hear(session, 2)).isEqualTo(messages(2));
    assertThat(hear(session, 1)).as("a repetition").isEmpty();
    assertThat(hear(session, 2)).as("a repetition").isEmpty();
    assertThatThrownBy(() -> hear(session, 4))
        .isInstanceOf(FrameLostException.class)
        .hasMessage("batch 3 did not arrive");
    assertThat(session.received()).isEqualTo(2);
    assertThat(hear(session, 3)).isEqualTo(messages(3));
  }

  @Test
  @DisplayName("DI-7 what a batch that comes again confirms counts")
  void confirmedAgain() {
    Session session = resumable();
    say(session, 10);
    say(session, 10);
    hear(session, 1);
    assertThat(session.heard(new Packet.Batch(1, 2, messages(1)), 50, now)).isEmpty();
    assertThat(kept(session)).isEmpty();
  }

  @ParameterizedTest(name = "DI-9 batch {0} after batch 1 where nobody resumes")
  @ValueSource(longs = {0, 1, 3, Long.MAX_VALUE})
  void outOfOrder(long number) {
    Session session = withoutResume();
    hear(session, 1);
    assertThatThrownBy(() -> hear(session, number))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("where batch 2 was expected");
  }

  @Test
  @DisplayName("DI-7 a beat tells the last batch, so that its loss is seen before the next one")
  void beatTellsTheLast() {
    Session session = resumable();
    say(session, 10);
    say(session, 10);
    hear(session, 1);
    assertThat(session.beat(now)).isEqualTo(new Packet.Beat(2, 1));
    assertThat(session.heard(new Packet.Beat(1, 0), 20, now)).isEmpty();
    assertThatThrownBy(() -> session.heard(new Packet.Beat(2, 0), 20, now))
        .isInstanceOf(FrameLostException.class);
    Session other = withoutResume();
    assertThatThrownBy(() -> other.heard(new Packet.Beat(1, 0), 20, now))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  @DisplayName("DI-9 what was never said cannot be confirmed, however it is told")
  void confirmsTheFuture() {
    Session session = resumable();
    say(session, 10);
    for (Packet packet :
        List.of(
            new Packet.Batch(1, 2, messages(1)),
            new Packet.Beat(0, 2),
            new Packet.Bye("leaving", "so long", Long.MAX_VALUE))) {
      assertThatThrownBy(() -> session.heard(packet, 20, now))
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("was confirmed where 1 were said");
    }
    assertThatThrownBy(() -> session.resumed(2, now)).isInstanceOf(ProtocolException.class);
    assertThat(kept(session)).containsExactly(1L);
  }

  @Test
  @DisplayName(
      "DI-7 how far it was heard is told after 32 batches, or as many characters as 128 Ki")
  void owesAck() {
    Session session = resumable();
    for (long number = 1; number <= 31; number++) {
      hear(session, number);
      assertThat(session.owesAck()).as("after %d", number).isFalse();
    }
    hear(session, 32);
    assertThat(session.due(now)).isEqualTo(Session.Due.BEAT);
    assertThat(session.beat(now).received()).isEqualTo(32);
    assertThat(session.due(now)).isEqualTo(Session.Due.NOTHING);
    session.heard(new Packet.Batch(33, 0, messages(33)), Session.SIZE_PER_ACK - 1, now);
    assertThat(session.owesAck()).isFalse();
    session.heard(new Packet.Batch(34, 0, messages(34)), 1, now);
    assertThat(session.owesAck()).isTrue();
    assertThat(session.batch(messages(1), () -> {}, now).received()).isEqualTo(34);
    assertThat(session.owesAck()).isFalse();
  }

  @Test
  @DisplayName("DI-7 what is done while something is said is told afterwards, if it is much")
  void doneMeanwhile() {
    Session session = resumable();
    session.heard(new Packet.Batch(1, 0, messages(1)), Session.SIZE_PER_ACK, now);
    session.acts(Session.SIZE_PER_ACK);
    assertThat(session.owesAck()).isFalse();
    assertThat(session.beat(now).received()).isZero();
    session.acted();
    assertThat(session.owesAck()).isTrue();
    assertThat(session.beat(now).received()).isEqualTo(1);
    assertThat(session.owesAck()).isFalse();
  }

  @Test
  @DisplayName("DI-4 no more is said than the terms let be unconfirmed")
  void unconfirmed() {
    Session session = resumable();
    say(session, (int) UNACKED - 1);
    assertThat(session.hasRoom()).isTrue();
    say(session, 1);
    assertThat(session.hasRoom()).isFalse();
    session.heard(new Packet.Beat(0, 1), 20, now);
    assertThat(session.hasRoom()).isTrue();
  }

  @Test
  @DisplayName("DI-7 a batch that was not sent leaves its number to the next")
  void takenBack() {
    Session session = resumable();
    say(session, 10);
    session.batch(messages(2), () -> lost.add(-2L), now);
    session.takeBack();
    assertThat(say(session, 10).number()).isEqualTo(2);
    session.lost().forEach(Runnable::run);
    assertThat(lost).containsExactly(1L, 2L);
  }

  @Test
  @DisplayName("CH-13 what nobody confirmed is told at the end, in order, once")
  void lostInOrder() {
    Session session = resumable();
    for (int i = 0; i < 4; i++) {
      say(session, 10);
    }
    session.heard(new Packet.Beat(0, 1), 20, now);
    session.end();
    session.heard(new Packet.Batch(1, 2, messages(1)), 20, now);
    session.lost().forEach(Runnable::run);
    assertThat(lost).containsExactly(3L, 4L);
    assertThat(session.lost()).isEmpty();
    assertThat(session.unconfirmedSize()).isZero();
  }

  @Test
  @DisplayName("CH-13 DI-8b what a beat, or the last word, confirms after the end counts")
  void confirmedAfterTheEnd() {
    Session session = resumable();
    for (int i = 0; i < 3; i++) {
      say(session, 10);
    }
    session.end();
    session.heard(new Packet.Beat(0, 1), 20, now);
    assertThat(kept(session)).containsExactly(2L, 3L);
    session.heard(new Packet.Bye("leaving", "so be it", 2), 20, now);
    assertThat(kept(session)).containsExactly(3L);
  }

  @Test
  @DisplayName("DI-8b a session is over with the peer's last word, also if that was its first")
  void lastWord() {
    for (Session session : List.of(resumable(), new Session(TERMS, "", now))) {
      session.heard(new Packet.Bye("leaving", "so long", 0), 20, now);
      assertThat(session.state()).isEqualTo(Session.State.ENDED);
      assertThat(session.isResumable()).isFalse();
    }
  }

  @Test
  @DisplayName("DI-8b after the end nothing is acted on")
  void afterTheEnd() {
    Session session = resumable();
    session.end();
    assertThat(hear(session, 1)).isEmpty();
    assertThat(session.received()).isZero();
    assertThat(session.heard(new Packet.Beat(9, 0), 20, now)).isEmpty();
    assertThat(session.due(now + 10 * BEAT)).isEqualTo(Session.Due.NOTHING);
    assertThat(session.isResumable()).isFalse();
  }

  @Test
  @DisplayName("DI-8b after the end no acknowledgement is owed but in the last word")
  void owesNothingAfterTheEnd() {
    Session session = resumable();
    for (long number = 1; number <= 32; number++) {
      hear(session, number);
    }
    assertThat(session.owesAck()).isTrue();
    session.end();
    assertThat(session.due(now)).isEqualTo(Session.Due.NOTHING);
    assertThat(session.owesAck()).as("as much as is due").isFalse();
    assertThat(session.bye("leaving", "so long", now).received()).isEqualTo(32);
  }

  @Test
  @DisplayName("DI-8b a hello that was on its way when this side left is no violation")
  void helloAfterTheEnd() {
    Session session = new Session(TERMS, "", now);
    session.end();
    assertThat(session.heard(hello("a secret", 0), 50, now)).isEmpty();
    assertThat(session.state()).isEqualTo(Session.State.ENDED);
  }

  @Test
  @DisplayName("DI-9 what must not come now")
  void notNow() {
    Session opening = new Session(TERMS, null, now);
    assertThatThrownBy(() -> hear(opening, 1)).hasMessage("a batch before the hello");
    assertThatThrownBy(() -> opening.heard(new Packet.Beat(0, 0), 20, now))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("a beat before the hello");
    Packet.Hello later = new Packet.Hello(2, "x", List.of(), null, 0, 0, null);
    assertThatThrownBy(() -> opening.heard(later, 50, now)).hasMessageContaining("version 2");
    Session open = resumable();
    assertThatThrownBy(() -> open.heard(hello(null, 0), 50, now))
        .hasMessageContaining("a second hello");
    for (Packet packet : List.of(new Packet.Resume("a secret", 0), new Packet.Resumed(0))) {
      assertThatThrownBy(() -> open.heard(packet, 50, now))
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("first frame of a link only");
    }
  }

  @ParameterizedTest(name = "DI-7 offered {0}, heard {1}: called {2}")
  @CsvSource(
      nullValues = "nothing",
      value = {
        "'', a secret, a secret",
        "a secret, '', a secret",
        "'', '', nothing",
        "a secret, another, nothing",
        "nothing, a secret, nothing",
        "nothing, '', nothing",
        "'', nothing, nothing",
        "a secret, nothing, nothing"
      })
  void called(@Nullable String ours, @Nullable String theirs, @Nullable String name) {
    Session session = opened(ours, theirs);
    assertThat(session.name()).isEqualTo(name);
    assertThat(session.isResumable()).isEqualTo(name != null);
  }

  @ParameterizedTest(name = "DI-4 of windows 256 and {0} the lesser: {1}")
  @CsvSource({"0, 64", "1, 1", "255, 255", "257, 256"})
  void window(int theirs, int agreed) {
    Session session = new Session(TERMS, null, now);
    assertThat(session.window()).as("untold").isEqualTo(Session.UNTOLD_WINDOW);
    session.heard(hello(null, theirs), 50, now);
    assertThat(session.window()).isEqualTo(agreed);
  }

  @Test
  @DisplayName(
      "DI-8 a beat is due when nothing was said for so long, and not before the peer's word")
  void beats() {
    Session opening = new Session(TERMS, "", now);
    assertThat(opening.due(now + BEAT)).isEqualTo(Session.Due.NOTHING);
    Session open = resumable();
    assertThat(open.due(now + BEAT - 1)).isEqualTo(Session.Due.NOTHING);
    assertThat(open.due(now + BEAT)).isEqualTo(Session.Due.BEAT);
    open.beat(now + BEAT);
    assertThat(open.due(now + BEAT)).isEqualTo(Session.Due.NOTHING);
    assertThat(open.due(now + 3 * BEAT)).isEqualTo(Session.Due.SILENCE);
    open.resumed(0, now + 3 * BEAT);
    assertThat(open.due(now + 3 * BEAT)).isEqualTo(Session.Due.NOTHING);
  }

  @Test
  @DisplayName("DI-8 a peer that was heard may be silent anew from then on")
  void heardAnew() {
    Session session = resumable();
    now += 2 * BEAT;
    session.heard(new Packet.Beat(0, 0), 20, now);
    long patience = session.patience().toNanos();
    assertThat(session.due(now + patience - 1)).isEqualTo(Session.Due.BEAT);
    assertThat(session.due(now + patience)).isEqualTo(Session.Due.SILENCE);
  }

  @Test
  @DisplayName("DI-8 a peer that promises no beat may be silent for as long as anybody may")
  void promisesNoBeat() {
    Session session = new Session(TERMS, "", now);
    session.heard(new Packet.Hello(1, "x", List.of(), "a secret", 0, 0, null), 50, now);
    assertThat(session.patience().toNanos()).isEqualTo(TERMS.silenceNanos());
  }

  @Test
  @DisplayName("DI-8 a peer that could not come back may be silent for as long as anybody may")
  void cannotComeBack() {
    assertThat(withoutResume().patience().toNanos()).isEqualTo(TERMS.silenceNanos());
    assertThat(resumable().patience().toNanos()).isLessThan(TERMS.silenceNanos());
  }

  @Test
  @DisplayName("DI-10 nothing is kept for a peer that says no version, since it confirms nothing")
  void withoutVersion() {
    Session session = new Session(TERMS, null, now);
    say(session, 10);
    session.heard(new Packet.Hello(Session.NO_VERSION, "x", List.of(), null, 0, 0, null), 50, now);
    assertThat(kept(session)).isEmpty();
    assertThat(session.unconfirmedSize()).isZero();
    assertThat(session.putsPerCredit()).isEqualTo(1);
    assertThat(say(session, 10).received()).isZero();
    assertThat(kept(session)).isEmpty();
  }

  @Test
  @DisplayName("DI-9 a gap that cannot be filled names what came and what was expected")
  void gapInWords() {
    Session session = withoutResume();
    hear(session, 1);
    assertThatThrownBy(() -> hear(session, 3))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("batch 3 came where batch 2 was expected");
    assertThatThrownBy(() -> session.heard(new Packet.Beat(4, 0), 20, now))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("a beat after batch 4 came where batch 2 was expected");
  }

  @ParameterizedTest(name = "DI-4 of a window of {0} a peer is told of {1} puts at a time")
  @CsvSource({"1, 1", "2, 1", "64, 32", "255, 127"})
  void putsPerCredit(int window, int puts) {
    Session session = new Session(TERMS, null, now);
    session.heard(hello(null, window), 50, now);
    assertThat(session.putsPerCredit()).isEqualTo(puts);
  }

  @Test
  @DisplayName("a session says with whom it is, and where it stands")
  void inWords() {
    Session session = new Session(TERMS, "", now);
    assertThat(session).hasToString("session with nobody yet, OPENING");
    assertThat(session.peerName()).isNull();
    session.heard(hello("a secret", 0), 50, now);
    assertThat(session).hasToString("session x, OPEN");
    assertThat(session.peerName()).isEqualTo("x");
  }

  @Test
  @DisplayName("DI-9 what a peer calls itself is kept no longer than any words for people")
  void longName() {
    Session session = new Session(TERMS, "", now);
    String name = "x".repeat(1_000_000);
    session.heard(new Packet.Hello(1, name, List.of(), null, 0, 0, null), 50, now);
    assertThat(session.peerName()).hasSize(Sentence.LONGEST).startsWith("xxx");
  }

  @Test
  @DisplayName("DI-7 a bye tells how far was heard, as a batch and a beat do")
  void byeTells() {
    Session session = resumable();
    hear(session, 1);
    assertThat(session.bye("leaving", "so long", now))
        .isEqualTo(new Packet.Bye("leaving", "so long", 1));
  }

  @Test
  @DisplayName("DI-4 DI-8 a hello tells the beat and the window that its speaker keeps to")
  void helloTells() {
    assertThat(new Session(TERMS, "", now).hello("me", List.of("msgpack"), "Bearer x"))
        .isEqualTo(new Packet.Hello(1, "me", List.of("msgpack"), "", 5_000, 256, "Bearer x"));
  }

  @Test
  @DisplayName("DI-4 until the peer tells its window ours counts, if it is less than 64")
  void smallWindow() {
    Session.Terms terms = new Session.Terms(BEAT, TERMS.silenceNanos(), UNACKED, 10);
    assertThat(new Session(terms, null, now).window()).isEqualTo(10);
  }

  @Test
  @DisplayName("DI-8 how long a peer may be silent follows from the beat that it told")
  void theirBeat() {
    Session session = new Session(TERMS, "", now);
    session.heard(new Packet.Hello(1, "x", List.of(), "a secret", 1_000, 0, null), 50, now);
    assertThat(session.patience()).isEqualTo(Duration.ofMillis(2_500));
  }
}
