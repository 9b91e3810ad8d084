package dev.circulate.rabbitmq;

import com.rabbitmq.client.AMQP;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What nodes say of themselves over the exchange {@value #EXCHANGE}, and how it is laid out:
 *
 * <pre>
 *   kind    type      headers                             body
 *   HERE    here      node, run, expires (milliseconds)   a line for each service, UTF-8
 *   LEAVE   leave     node, run                           -
 *   WHO     who       -                                   -
 * </pre>
 *
 * <p>A run is one life of a node: what a former life still says, or leaves, is not this one's. Who
 * hears WHO says HERE at once; and says it again and again, before it expires.
 *
 * @param kind what it is
 * @param node of which node; empty for WHO
 * @param run of which life of it; empty for WHO
 * @param services what it offers; empty but for HERE
 * @param expires how long the word holds; zero but for HERE
 */
record Announcement(Kind kind, String node, String run, Set<String> services, Duration expires) {
  static final String EXCHANGE = "circulate.nodes";

  enum Kind {
    HERE("here"),
    LEAVE("leave"),
    WHO("who");

    final String type;

    Kind(String type) {
      this.type = type;
    }
  }

  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final int MOST_SERVICES = 1_000;
  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_BODY = MOST_SERVICES * (3 * LONGEST_NAME + 1);
  private static final Pattern NODE = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  /**
   * @throws IllegalArgumentException if those who hear it would not take it
   */
  static Announcement here(String node, String run, Set<String> services, Duration expires) {
    if (!NODE.matcher(node).matches()) {
      throw new IllegalArgumentException(
          "a node's name has 1 to 100 letters, digits, dots, underscores and hyphens, not '%s'"
              .formatted(node));
    }
    if (services.size() > MOST_SERVICES) {
      throw new IllegalArgumentException(
          "node '%s' offers %d services; %d is the limit"
              .formatted(node, services.size(), MOST_SERVICES));
    }
    for (String service : services) {
      if (service.isEmpty() || service.length() > LONGEST_NAME || service.indexOf('\n') >= 0) {
        throw new IllegalArgumentException(
            "the name of a service has 1 to %d characters and no line breaks, not '%s' of node '%s'"
                .formatted(LONGEST_NAME, service, node));
      }
    }
    return new Announcement(Kind.HERE, node, run, services, expires);
  }

  static Announcement leave(String node, String run) {
    return new Announcement(Kind.LEAVE, node, run, Set.of(), Duration.ZERO);
  }

  static Announcement who() {
    return new Announcement(Kind.WHO, "", "", Set.of(), Duration.ZERO);
  }

  AMQP.BasicProperties properties() {
    Map<String, Object> headers = new LinkedHashMap<>();
    if (kind != Kind.WHO) {
      headers.put("node", node);
      headers.put("run", run);
    }
    AMQP.BasicProperties.Builder builder = new AMQP.BasicProperties.Builder().type(kind.type);
    if (kind == Kind.HERE) {
      headers.put("expires", expires.toMillis());
      // who does not read has no use for it later
      builder.expiration(Long.toString(expires.toMillis()));
    }
    return builder.headers(headers).build();
  }

  byte[] body() {
    return String.join("\n", services).getBytes(StandardCharsets.UTF_8);
  }

  /** What came, or null if it makes no sense: anybody who may write to the broker can send it. */
  static @Nullable Announcement of(AMQP.BasicProperties properties, byte[] body) {
    Map<String, Object> headers =
        properties.getHeaders() == null ? Map.of() : properties.getHeaders();
    String node = text(headers.get("node"));
    String run = text(headers.get("run"));
    boolean named = NODE.matcher(node).matches() && !run.isEmpty();
    return switch (properties.getType()) {
      case "who" -> who();
      case "leave" -> named ? leave(node, run) : null;
      case "here" -> named ? here(node, run, headers, body) : null;
      case null, default -> null;
    };
  }

  private static @Nullable Announcement here(
      String node, String run, Map<String, Object> headers, byte[] body) {
    if (body.length > LONGEST_BODY
        || !(headers.get("expires") instanceof Number expires)
        || expires.longValue() <= 0
        || expires.longValue() > LONGEST.toMillis()) {
      return null;
    }
    try {
      return here(node, run, services(body), Duration.ofMillis(expires.longValue()));
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  private static Set<String> services(byte[] body) {
    return body.length == 0
        ? Set.of()
        : new TreeSet<>(List.of(new String(body, StandardCharsets.UTF_8).split("\n", -1)));
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }
}
