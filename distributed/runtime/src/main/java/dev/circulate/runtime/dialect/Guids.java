package dev.circulate.runtime.dialect;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Names for frames: unlike the original's, nobody can guess the next. */
final class Guids {
  private static final SecureRandom RANDOM = new SecureRandom();

  String next() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
