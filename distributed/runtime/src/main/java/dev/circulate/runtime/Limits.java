package dev.circulate.runtime;

import dev.circulate.runtime.codec.FrameLimits;
import java.time.Duration;

/**
 * What a peer may demand of this side, and how long it may be silent. A peer that goes beyond a
 * limit loses its session, with a sentence that names the limit; other sessions are not touched.
 *
 * <p>{@link #DEFAULTS} cannot hurt an honest peer, unless its frames are larger than a mebibyte.
 *
 * @param window how many values may be on their way through one proxy; both sides must agree
 * @param frame how large a frame may be, and what is in it
 * @param exports how many channels the peer may hold at once
 * @param imports how many channels of the peer's may be held at once
 * @param hello how long to wait for the peer's first word
 * @param beat how long to be silent before saying so
 * @param silence how long the peer may be silent before its link counts as broken
 * @param grace how long to wait for another link when one broke, before the peer counts as lost;
 *     zero ends the session with its link
 * @param unacked how many characters or bytes may be sent that the peer has not confirmed; what is
 *     put beyond waits
 */
public record Limits(
    int window,
    FrameLimits frame,
    int exports,
    int imports,
    Duration hello,
    Duration beat,
    Duration silence,
    Duration grace,
    int unacked) {

  /** Safe for an internet-facing server. */
  public static final Limits DEFAULTS =
      new Limits(
          64,
          FrameLimits.DEFAULTS,
          100_000,
          100_000,
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(16),
          Duration.ofSeconds(10),
          1 << 20);

  /** Checks that every limit can be kept. */
  public Limits {
    if (window < 1 || exports < 1 || imports < 1 || unacked < 1) {
      throw new IllegalArgumentException(
          "a limit is positive: window=%d exports=%d imports=%d unacked=%d"
              .formatted(window, exports, imports, unacked));
    }
    if (grace.isNegative()) {
      throw new IllegalArgumentException("grace is zero or longer, not " + grace);
    }
    if (beat.compareTo(silence) >= 0 || !beat.isPositive() || !hello.isPositive()) {
      throw new IllegalArgumentException(
          "a peer must be allowed to be silent for longer than a beat: beat="
              + beat
              + " silence="
              + silence
              + " hello="
              + hello);
    }
  }

  /** The same with another grace; zero ends a session with its link. */
  public Limits withGrace(Duration other) {
    return new Limits(window, frame, exports, imports, hello, beat, silence, other, unacked);
  }
}
