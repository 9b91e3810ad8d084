package dev.circulate.websocket;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which pages may come to a server: those of its own origin, and those that are allowed. A browser
 * reaches what the person before it reaches, this machine's loopback too, and says in {@code
 * Origin} whose page asks. A program says nothing there, and is let in.
 *
 * {@snippet :
 * var options =
 *     WebSocketOptions.DEFAULTS.withOrigins(OriginPolicy.OWN.allowing("https://app.example"));
 * }
 *
 * <p><b>Names.</b> A page's origin is the server's own if the browser looked for the server under
 * the same name ({@code Host}). Anybody can let a name of theirs lead to this machine (DNS
 * rebinding). So a server that is bound to the loopback knows itself as {@code localhost}, {@code
 * 127.0.0.1}, {@code [::1]} and as what it was bound to, and a page from another name is not its
 * own, unless that is among {@code hosts}: behind a proxy, the proxy's name. A server that is bound
 * otherwise takes any name for its own, or only {@code hosts} if there are any.
 *
 * @param origins of other pages that may come, as {@code https://app.example}; {@code *} is all
 * @param hosts names of the server's own, without a port; {@code *} is any
 */
public record OriginPolicy(Set<String> origins, Set<String> hosts) {
  /** Only pages of the server's own origin. */
  public static final OriginPolicy OWN = new OriginPolicy(Set.of(), Set.of());

  private static final String ANY = "*";
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  /**
   * As browsers write it: in small letters of ASCII, and without a port that goes without saying.
   */
  private static final Pattern ORIGIN =
      Pattern.compile(
          "(?!http://.*:80$|https://.*:443$)[a-z][a-z0-9+.-]*://[!-~&&[^/?#A-Z]]+|null|\\*");

  private static final Pattern HOST = Pattern.compile("\\[[^\\]]+\\]|[^:/\\s\\[\\]]+");

  /** Checks what was given, which a browser would never say otherwise. */
  public OriginPolicy {
    for (String origin : origins) {
      if (!ORIGIN.matcher(origin).matches()) {
        throw new IllegalArgumentException(
            "an origin is like https://app.example, in small letters, without a path and the usual"
                + " port, not '"
                + origin
                + "'");
      }
    }
    for (String host : hosts) {
      if (!HOST.matcher(host).matches()) {
        throw new IllegalArgumentException(
            "a host is like app.example or [::1], without a port, not '" + host + "'");
      }
    }
    origins = Set.copyOf(origins);
    hosts = Set.copyOf(hosts);
  }

  /**
   * The same with other pages that may come.
   *
   * @param origins as {@code https://app.example}; {@code *} is all
   */
  public OriginPolicy allowing(String... origins) {
    return new OriginPolicy(Set.of(origins), hosts);
  }

  /**
   * The same with other names of the server's own.
   *
   * @param hosts names without a port; {@code *} is any
   */
  public OriginPolicy knownAs(String... hosts) {
    return new OriginPolicy(origins, Set.of(hosts));
  }

  /**
   * The same with all the names that a server has by what it is bound to.
   *
   * @param address a name or an address; one of IPv6 in brackets
   */
  public OriginPolicy boundTo(String address) {
    if (hosts.isEmpty() && !isLoopback(address)) {
      return knownAs(ANY);
    }
    Set<String> names = new HashSet<>(hosts);
    names.addAll(LOOPBACK);
    names.add(address);
    return new OriginPolicy(origins, names);
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false; // nothing can be bound to it
    }
  }

  /**
   * Whether the server is known under a name.
   *
   * @param host what a request says in {@code Host}; null if nothing, as no browser does
   */
  public boolean knows(@Nullable String host) {
    return host == null || hosts.contains(ANY) || isNamed(withoutPort(host));
  }

  private boolean isNamed(String name) {
    return hosts.stream().anyMatch(name::equalsIgnoreCase);
  }

  private static String withoutPort(String host) {
    int port = host.indexOf(':', host.lastIndexOf(']') + 1);
    return port < 0 ? host : host.substring(0, port);
  }

  /** Whether all pages of other origins may come. */
  public boolean allowsAll() {
    return origins.contains(ANY);
  }

  /** Whether pages of an origin may come, though it is not the server's own. */
  public boolean allows(String origin) {
    return allowsAll() || origins.contains(origin);
  }

  /**
   * Whether a request may be answered.
   *
   * @param origin what it says in {@code Origin}; null if nothing
   * @param host what it says in {@code Host}; null if nothing
   */
  public boolean admits(@Nullable String origin, @Nullable String host) {
    return origin == null || allows(origin) || (isOwn(origin, host) && knows(host));
  }

  /** The scheme is left out, since a proxy in front may have taken the TLS off. */
  private static boolean isOwn(String origin, @Nullable String host) {
    int authority = origin.indexOf("://");
    return host != null
        && authority >= 0
        && origin.substring(authority + 3).equals(host.toLowerCase(Locale.ROOT));
  }
}
