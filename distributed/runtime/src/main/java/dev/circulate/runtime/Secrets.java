package dev.circulate.runtime;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/** Names that nobody can guess: 128 random bits. */
final class Secrets {
  private static final int BYTES = 16;

  /** How many characters each has. */
  static final int LENGTH = 2 * BYTES;

  private static final SecureRandom RANDOM = new SecureRandom();

  /** Random bits for many names: to ask for them is most of what a name costs. Its own lock. */
  private static final byte[] AHEAD = new byte[256 * BYTES];

  private static int at = AHEAD.length;

  private Secrets() {}

  static String next() {
    synchronized (AHEAD) {
      if (at == AHEAD.length) {
        RANDOM.nextBytes(AHEAD);
        at = 0;
      }
      String name = HexFormat.of().formatHex(AHEAD, at, at + BYTES);
      Arrays.fill(AHEAD, at, at + BYTES, (byte) 0); // nobody reads it here afterwards
      at += BYTES;
      return name;
    }
  }
}
