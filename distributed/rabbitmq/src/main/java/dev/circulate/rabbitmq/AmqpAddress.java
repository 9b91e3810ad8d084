package dev.circulate.rabbitmq;

import dev.circulate.runtime.Addresses;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an {@code amqp} URI says: {@code amqp://user:password@host:port/vhost?node=name}.
 *
 * <p>Its text has no password, so that it can stand in messages and logs.
 *
 * @param secure whether over TLS
 * @param vhost {@code /} if the URI names none
 * @param node the name of a node; null if the URI names none
 */
record AmqpAddress(
    boolean secure,
    String host,
    int port,
    String vhost,
    String user,
    String password,
    @Nullable String node) {

  static final Set<String> SCHEMES = Set.of("amqp", "amqps");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");
  private static final String NODE = "node=";

  /**
   * @throws IOException if it is not such a URI; the message says why
   */
  static AmqpAddress of(URI uri) throws IOException {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!SCHEMES.contains(scheme)) {
      throw notThis(uri, "its scheme is neither amqp nor amqps");
    }
    if (uri.getHost() == null) {
      throw notThis(uri, noHost(uri));
    }
    if (uri.getRawFragment() != null) {
      throw notThis(uri, "a fragment has no meaning in it");
    }
    if (uri.getPort() > 65_535) {
      throw notThis(uri, "a port is at most 65535");
    }
    boolean secure = scheme.equals("amqps");
    String[] who = user(uri);
    return new AmqpAddress(
        secure,
        uri.getHost(),
        uri.getPort() >= 0 ? uri.getPort() : secure ? 5671 : 5672,
        vhost(uri),
        who[0],
        who[1],
        node(uri));
  }

  private static String[] user(URI uri) {
    String info = uri.getRawUserInfo();
    if (info == null) {
      return new String[] {"guest", "guest"};
    }
    int colon = info.indexOf(':');
    return colon < 0
        ? new String[] {decoded(info), ""}
        : new String[] {decoded(info.substring(0, colon)), decoded(info.substring(colon + 1))};
  }

  private static String vhost(URI uri) throws IOException {
    String path = uri.getRawPath();
    if (path == null || path.length() < 2) {
      return "/";
    }
    if (path.indexOf('/', 1) > 0) {
      throw notThis(uri, "a slash in the name of a virtual host is written %2F");
    }
    return decoded(path.substring(1));
  }

  private static @Nullable String node(URI uri) throws IOException {
    String query = uri.getRawQuery();
    if (query == null) {
      return null;
    }
    if (!query.startsWith(NODE) || query.indexOf('&') >= 0) {
      throw notThis(uri, "its query is '" + query + "', which names no node");
    }
    String node = decoded(query.substring(NODE.length()));
    if (!NAME.matcher(node).matches()) {
      throw notThis(
          uri, "a node's name has 1 to 100 letters, digits, dots, underscores and hyphens");
    }
    return node;
  }

  /** Plus signs stand for themselves: this is no form. */
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String noHost(URI uri) {
    String authority = uri.getRawAuthority();
    return authority == null
        ? "it names no host"
        : "'%s' is no host and port: a name has letters, digits, dots and hyphens, and no underscore"
            .formatted(authority.substring(authority.lastIndexOf('@') + 1));
  }

  private static IOException notThis(URI uri, String why) {
    return new IOException(
        "'%s' is not like amqp://host:5672/vhost?node=name: %s"
            .formatted(Addresses.withoutUser(uri), why));
  }

  /** The same broker, no node. */
  AmqpAddress broker() {
    return new AmqpAddress(secure, host, port, vhost, user, password, null);
  }

  /** A node of the same broker. */
  AmqpAddress node(String name) {
    return new AmqpAddress(secure, host, port, vhost, user, password, name);
  }

  /** The same as an address that {@link #of} reads, with the user and the password. */
  URI uri() {
    String who = encoded(user) + ":" + encoded(password) + "@";
    return URI.create(toString().replaceFirst("://", "://" + Matcher.quoteReplacement(who)));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return (secure ? "amqps://" : "amqp://")
        + host
        + ":"
        + port
        + (vhost.equals("/") ? "" : "/" + encoded(vhost))
        + (node == null ? "" : "?" + NODE + node);
  }
}
