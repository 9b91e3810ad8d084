package dev.circulate.runtime;

import dev.circulate.Buffer;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.Time;
import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.Sentence;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The last words of a session: ours, and the peer's. Safe for use by several threads.
 *
 * <p>The first reason counts: what the peer says of names that a close here has just forgotten is
 * no violation.
 */
final class Parting {
  /** How many characters of what a peer has said, or done wrong, are repeated. */
  private static final int LONGEST_SENTENCE = 500;

  /** Why it ends, in words for the peer. */
  record Words(String code, String sentence) {}

  private final AtomicReference<@Nullable Words> words = new AtomicReference<>();
  private final LocalChannel<Void> peerDone;
  private final LocalChannel<Void> said;
  private volatile boolean deaf;

  Parting(String peer) {
    this.peerDone = LocalChannel.open(new Buffer.Rendezvous(), "last word of " + peer, null);
    this.said = LocalChannel.open(new Buffer.Rendezvous(), "farewell to " + peer, null);
  }

  /** A sentence in which a peer's own words stand: no more of it is kept, or said to anybody. */
  static String shortened(String sentence) {
    return Sentence.of(sentence, LONGEST_SENTENCE);
  }

  /** Sets why it ends, unless that is set; before the session is over. */
  void because(String code, String sentence) {
    words.compareAndSet(null, new Words(code, sentence));
  }

  /** What to say at the end, if there is a line; null for nothing. */
  @Nullable Words words() {
    return words.get();
  }

  /** The peer has said its last word, or will not any more. */
  void peerIsDone() {
    peerDone.close();
  }

  /** Nobody listens to the peer any more: who has left need not wait for its last word. */
  void deaf() {
    deaf = true;
    Words why = words.get();
    if (why != null && why.code().equals(Packet.Bye.LEAVING)) {
      peerIsDone();
    }
  }

  boolean isDeaf() {
    return deaf;
  }

  boolean isPeerDone() {
    return peerDone.isClosed();
  }

  void awaitPeer(Duration patience) throws InterruptedException {
    peerDone.poll(patience);
  }

  /** Our last word is with the link, or there was none to say. */
  void said() {
    said.close();
  }

  boolean isSaid() {
    return said.isClosed();
  }

  void awaitSaid(Duration patience) throws InterruptedException {
    said.poll(patience);
  }

  /**
   * Closes a link when our last word is said on it, which may be over already; or when it is late,
   * since the peer may not read it.
   *
   * @param late run in that case
   */
  void closeOnceSaid(Link last, Runnable late) {
    Time.Timer impatience =
        Time.current()
            .schedule(
                Time.after(Writer.PATIENCE),
                () -> {
                  Line.close(last);
                  late.run();
                });
    said.onClose(
        () -> {
          impatience.cancel();
          Line.close(last);
        });
  }
}
