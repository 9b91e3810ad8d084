package dev.circulate.rabbitmq;

import com.rabbitmq.client.AMQP;
import java.time.Duration;
import java.util.ArrayList;
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
 *   kind    type      headers
 *   HERE    here      node, run, services (a list), expires (milliseconds)
 *   LEAVE   leave     node, run
 *   WHO     who       -
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
  private static final Pattern NODE = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  static Announcement here(String node, String run, Set<String> services, Duration expires) {
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
      headers.put("services", new ArrayList<>(services));
      headers.put("expires", expires.toMillis());
      // who does not read has no use for it later
      builder.expiration(Long.toString(expires.toMillis()));
    }
    return builder.headers(headers).build();
  }

  /** What came, or null if it makes no sense: anybody who may write to the broker can send it. */
  static @Nullable Announcement of(AMQP.BasicProperties properties) {
    Map<String, Object> headers =
        properties.getHeaders() == null ? Map.of() : properties.getHeaders();
    String node = text(headers.get("node"));
    String run = text(headers.get("run"));
    boolean named = NODE.matcher(node).matches() && !run.isEmpty();
    return switch (properties.getType()) {
      case "who" -> who();
      case "leave" -> named ? leave(node, run) : null;
      case "here" -> named ? here(node, run, headers) : null;
      case null, default -> null;
    };
  }

  private static @Nullable Announcement here(String node, String run, Map<String, Object> headers) {
    if (!(headers.get("services") instanceof List<?> list)
        || list.size() > MOST_SERVICES
        || !(headers.get("expires") instanceof Number expires)
        || expires.longValue() <= 0
        || expires.longValue() > LONGEST.toMillis()) {
      return null;
    }
    Set<String> services = new TreeSet<>();
    list.forEach(service -> services.add(text(service)));
    services.removeIf(service -> service.isEmpty() || service.length() > LONGEST_NAME);
    return here(node, run, services, Duration.ofMillis(expires.longValue()));
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }
}
