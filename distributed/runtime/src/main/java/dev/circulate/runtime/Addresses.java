package dev.circulate.runtime;

import java.net.URI;
import java.util.regex.Pattern;

/** Addresses in words: for messages, names and logs, where no password may stand. */
public final class Addresses {
  /** A user and a password, also where a URI does not tell them from a host. */
  private static final Pattern WHO = Pattern.compile("^((?:[\\w+.-]+:)?/*)[^/?#]*@");

  private Addresses() {}

  /**
   * An address as it can be shown: without the user and the password that it may have.
   *
   * @param uri the address, which need not be one that leads anywhere
   */
  public static String withoutUser(URI uri) {
    return WHO.matcher(uri.toString()).replaceFirst("$1");
  }
}
