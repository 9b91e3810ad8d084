package dev.circulate.runtime;

import java.net.URI;

/** Addresses in words. */
final class Addresses {
  private Addresses() {}

  /** An address for messages and logs, where no password may stand. */
  static String withoutUser(URI uri) {
    String info = uri.getRawUserInfo();
    return info == null ? uri.toString() : uri.toString().replace(info + "@", "");
  }
}
