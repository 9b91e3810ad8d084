package dev.circulate;

/**
 * What a {@link Mult} or {@link Pub} does when one of its taps has no room for the next value.
 *
 * <p>The policy has to be named for each tap: whichever is right for one use is a bug in another. A
 * tap that is to have the latest values only is a channel with a {@linkplain Csp#sliding sliding}
 * buffer: such a channel always has room.
 */
public enum SlowTap {
  /**
   * All wait until the tap has taken it: the slowest tap sets the pace, and none misses a value.
   */
  WAIT,

  /** The tap misses the value, which goes to its undelivered hook; the others go on. */
  DROP,

  /**
   * The tap is removed, and closed with a {@link TapDetachedException} if it is a {@link Channel},
   * so that its reader knows that it missed something; the others go on.
   */
  DETACH
}
