package dev.circulate.runtime;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Names that nobody can guess: 128 random bits. */
final class Secrets {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Secrets() {}

  static String next() {
    byte[] bits = new byte[16];
    RANDOM.nextBytes(bits);
    return HexFormat.of().formatHex(bits);
  }
}
