package dev.circulate.rabbitmq;

import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What can be set for links over a broker.
 *
 * {@snippet :
 * var transport = new AmqpTransport(AmqpOptions.DEFAULTS.withTls(context));
 * }
 *
 * @param window how many frames of one link may be on their way before the receiver has taken one
 * @param frameBytes the longest frame that is sent or accepted, less than 2 GiB; a longer one ends
 *     its link, and the session with it
 * @param links how many links one listener has at a time; others are refused with that reason
 * @param patience how long to wait for the broker, and for the node behind it: a millisecond to 24
 *     days
 * @param heartbeat how often the broker is asked whether it is still there, in whole seconds: at
 *     most 65535
 * @param tls whom {@code amqps} trusts, and the keys to show; null for the JDK's own trust
 */
public record AmqpOptions(
    int window,
    int frameBytes,
    int links,
    Duration patience,
    Duration heartbeat,
    @Nullable SSLContext tls) {

  /** What a connection can wait for in milliseconds that are an int. */
  private static final Duration MOST_PATIENCE = Duration.ofDays(24);

  /** What the protocol has room for. */
  private static final int SLOWEST_HEARTBEAT = 65_535;

  /** 32 frames of at most 8 MiB, 1000 links, 10 seconds of patience, a heartbeat every 10. */
  public static final AmqpOptions DEFAULTS =
      new AmqpOptions(32, 8 << 20, 1000, Duration.ofSeconds(10), Duration.ofSeconds(10), null);

  /** Checks the limits. */
  public AmqpOptions {
    if (window < 1 || frameBytes < 1 || links < 1 || frameBytes == Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a limit is positive, and a frame less than 2 GiB: window=%d frameBytes=%d links=%d"
              .formatted(window, frameBytes, links));
    }
    if (patience.compareTo(Duration.ofMillis(1)) < 0
        || patience.compareTo(MOST_PATIENCE) > 0
        || heartbeat.toSeconds() < 1
        || heartbeat.toSeconds() > SLOWEST_HEARTBEAT) {
      throw new IllegalArgumentException(
          "patience is a millisecond to 24 days, a heartbeat 1 to 65535 seconds: "
              + "patience=%s heartbeat=%s".formatted(patience, heartbeat));
    }
  }

  /**
   * The same with another window.
   *
   * @param window how many frames of one link may be on their way
   */
  public AmqpOptions withWindow(int window) {
    return new AmqpOptions(window, frameBytes, links, patience, heartbeat, tls);
  }

  /**
   * The same with another bound on frames.
   *
   * @param frameBytes the longest frame that is sent or accepted
   */
  public AmqpOptions withFrameBytes(int frameBytes) {
    return new AmqpOptions(window, frameBytes, links, patience, heartbeat, tls);
  }

  /**
   * The same with another bound on links.
   *
   * @param links how many links one listener has at a time
   */
  public AmqpOptions withLinks(int links) {
    return new AmqpOptions(window, frameBytes, links, patience, heartbeat, tls);
  }

  /**
   * The same with trust and keys for {@code amqps}.
   *
   * @param tls whom to trust, and the keys to show
   */
  public AmqpOptions withTls(SSLContext tls) {
    return new AmqpOptions(
        window, frameBytes, links, patience, heartbeat, Objects.requireNonNull(tls, "tls"));
  }
}
