package dev.circulate.rabbitmq;

import com.rabbitmq.client.AMQP;
import dev.circulate.runtime.Frame;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What crosses the broker in one message, and how it is laid out:
 *
 * <pre>
 *   kind      type      reply-to        correlation-id   content-type              body
 *   OPEN      open      opener's queue  window           -                         -
 *   ACCEPT    accept    taker's queue   window           -                         -
 *   DATA      data      -               -                text/plain                a frame's text, UTF-8
 *   DATA      data      -               -                application/octet-stream  a frame's bytes
 *   CREDIT    credit    -               frames taken     -                         -
 *   CLOSE     close     -               -                -                         the reason, or empty
 *   TOO_LONG  too-long  -               -                -                         how long, and the limit
 *   LOST      lost      -               -                -                         where to, and why
 * </pre>
 *
 * <p>TOO_LONG is a CLOSE for a frame that no other link would carry, either. LOST is what a mailbox
 * writes to itself about a letter that came back ({@link Mailbox} says why).
 *
 * <p>Messages are transient: a link does not outlive the broker's memory of its queues, and what
 * was lost is repeated by the session above.
 *
 * @param kind what it is
 * @param from the queue where the answer goes; null where there is none
 * @param count a window, or how many frames were taken; 0 where there is neither
 * @param binary whether the body of a DATA is bytes
 * @param body the rest
 */
@SuppressWarnings("ArrayRecordComponent") // handed over whole, never compared
record Letter(Kind kind, @Nullable String from, int count, boolean binary, byte[] body) {
  enum Kind {
    OPEN("open"),
    ACCEPT("accept"),
    DATA("data"),
    CREDIT("credit"),
    CLOSE("close"),
    TOO_LONG("too-long"),
    LOST("lost");

    final String type;

    Kind(String type) {
      this.type = type;
    }
  }

  private static final byte[] NOTHING = {};
  private static final String TEXT = "text/plain";
  private static final String BYTES = "application/octet-stream";
  private static final int TRANSIENT = 1;
  private static final int MOST_WORDS = 1_000;

  static Letter open(String from, int window) {
    return new Letter(Kind.OPEN, from, window, false, NOTHING);
  }

  static Letter accept(String from, int window) {
    return new Letter(Kind.ACCEPT, from, window, false, NOTHING);
  }

  static Letter credit(int taken) {
    return new Letter(Kind.CREDIT, null, taken, false, NOTHING);
  }

  static Letter close(String reason) {
    return inWords(Kind.CLOSE, reason);
  }

  static Letter tooLong(String how) {
    return inWords(Kind.TOO_LONG, how);
  }

  static Letter lost(String why) {
    return inWords(Kind.LOST, why);
  }

  private static Letter inWords(Kind kind, String words) {
    return new Letter(kind, null, 0, false, words.getBytes(StandardCharsets.UTF_8));
  }

  /** The body of a CLOSE, TOO_LONG or LOST, of which no more is repeated than anybody reads. */
  String words() {
    return new String(body, 0, Math.min(body.length, MOST_WORDS), StandardCharsets.UTF_8);
  }

  /**
   * @throws CharacterCodingException if the text has half a surrogate pair, which has no UTF-8
   */
  static Letter data(Frame frame) throws CharacterCodingException {
    return switch (frame) {
      case Frame.Text(String text) -> {
        ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        byte[] bytes = new byte[utf8.remaining()];
        utf8.get(bytes);
        yield new Letter(Kind.DATA, null, 0, false, bytes);
      }
      case Frame.Binary(byte[] bytes) -> new Letter(Kind.DATA, null, 0, true, bytes);
    };
  }

  /**
   * @throws CharacterCodingException if what came as text is not UTF-8
   */
  Frame frame() throws CharacterCodingException {
    return binary
        ? new Frame.Binary(body)
        : new Frame.Text(
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
  }

  AMQP.BasicProperties properties() {
    return new AMQP.BasicProperties.Builder()
        .type(kind.type)
        .deliveryMode(TRANSIENT)
        .replyTo(from)
        .correlationId(count == 0 ? null : Integer.toString(count))
        .contentType(kind == Kind.DATA ? binary ? BYTES : TEXT : null)
        .build();
  }

  /**
   * @throws IllegalArgumentException if it is no such message; the message says why
   */
  static Letter of(AMQP.BasicProperties properties, byte[] body) {
    Kind kind = kind(properties.getType());
    String from = properties.getReplyTo();
    boolean opening = kind == Kind.OPEN || kind == Kind.ACCEPT;
    if (opening && from == null) {
      throw new IllegalArgumentException("a message '" + kind.type + "' without reply-to");
    }
    int count = opening || kind == Kind.CREDIT ? count(kind, properties.getCorrelationId()) : 0;
    return new Letter(kind, from, count, BYTES.equals(properties.getContentType()), body);
  }

  private static Kind kind(@Nullable String type) {
    for (Kind kind : Kind.values()) {
      if (kind.type.equals(type)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("a message of type '" + type + "'");
  }

  private static int count(Kind kind, @Nullable String text) {
    try {
      int count = Integer.parseInt(String.valueOf(text));
      if (count > 0) {
        return count;
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw new IllegalArgumentException(
        "a message '" + kind.type + "' with correlation-id '" + text + "', not a positive number");
  }
}
