package dev.circulate.websocket;

import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What can be set for links over WebSocket, for server and client alike.
 *
 * {@snippet :
 * var transport = new WebSocketTransport(WebSocketOptions.DEFAULTS.withTls(context));
 * }
 *
 * <p>A message beyond a limit ends the link, and the session with it: whoever raises a peer's limit
 * for frames raises these as well, for text to three times as many.
 *
 * @param maxTextBytes the longest text that is accepted from a peer, in bytes of UTF-8
 * @param maxBinaryBytes the longest binary message that is accepted from a peer
 * @param connectTimeout how long a client waits for a server to answer
 * @param tls keys and trust for {@code wss}; null leaves a client with the JDK's own trust, and a
 *     server without a certificate, so that it cannot listen at a {@code wss} URI
 * @param origins of which pages a server accepts links
 */
public record WebSocketOptions(
    int maxTextBytes,
    int maxBinaryBytes,
    Duration connectTimeout,
    @Nullable SSLContext tls,
    OriginPolicy origins) {

  /**
   * 3 MiB of text, so that a frame as long as {@link dev.circulate.runtime.Limits} allow fits even
   * where each of its characters takes three bytes; 2 MiB of bytes, 10 seconds, no TLS of its own,
   * and pages of the server's own origin.
   */
  public static final WebSocketOptions DEFAULTS =
      new WebSocketOptions(3 << 20, 2 << 20, Duration.ofSeconds(10), null, OriginPolicy.OWN);

  /** Checks the limits. */
  public WebSocketOptions {
    if (maxTextBytes < 1 || maxBinaryBytes < 1) {
      throw new IllegalArgumentException(
          "a message limit is at least 1 byte, not %d for text and %d for binary"
              .formatted(maxTextBytes, maxBinaryBytes));
    }
    if (!connectTimeout.isPositive()) {
      throw new IllegalArgumentException("a connect timeout is positive, not " + connectTimeout);
    }
  }

  /**
   * The same with other limits.
   *
   * @param maxTextBytes the longest text that is accepted from a peer, in bytes of UTF-8
   * @param maxBinaryBytes the longest binary message that is accepted from a peer
   */
  public WebSocketOptions withLimits(int maxTextBytes, int maxBinaryBytes) {
    return new WebSocketOptions(maxTextBytes, maxBinaryBytes, connectTimeout, tls, origins);
  }

  /**
   * The same with another timeout.
   *
   * @param connectTimeout how long a client waits for a server to answer
   */
  public WebSocketOptions withConnectTimeout(Duration connectTimeout) {
    return new WebSocketOptions(maxTextBytes, maxBinaryBytes, connectTimeout, tls, origins);
  }

  /**
   * The same with keys and trust for {@code wss}.
   *
   * @param tls for a server, with its certificate; for a client, with whom it trusts
   */
  public WebSocketOptions withTls(SSLContext tls) {
    return new WebSocketOptions(
        maxTextBytes, maxBinaryBytes, connectTimeout, Objects.requireNonNull(tls, "tls"), origins);
  }

  /**
   * The same for links of other pages.
   *
   * @param origins of which pages a server accepts links
   */
  public WebSocketOptions withOrigins(OriginPolicy origins) {
    return new WebSocketOptions(
        maxTextBytes,
        maxBinaryBytes,
        connectTimeout,
        tls,
        Objects.requireNonNull(origins, "origins"));
  }
}
