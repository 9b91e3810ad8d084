package dev.circulate.rabbitmq;

import com.rabbitmq.client.AMQP;
import java.util.Map;
import java.util.UUID;

/**
 * The properties of a message in a {@link WorkQueue}: persistent, with an id that stays the same
 * however often it is tried, and what became of it before.
 *
 * @param id the value's
 * @param failed how many attempts failed
 * @param orphaned how often the broker gave it to somebody else before, of whom nothing was heard:
 *     who died at it, or held it and never began, or nobody at all, after a broker was killed
 */
record WorkMessage(String id, int failed, int orphaned) {
  private static final String FAILED = "circulate-failed";
  private static final String ORPHANED = "circulate-orphaned";
  private static final int PERSISTENT = 2;

  static WorkMessage first() {
    return new WorkMessage(UUID.randomUUID().toString(), 0, 0);
  }

  /** What came; from others it may lack everything. */
  static WorkMessage of(AMQP.BasicProperties properties) {
    String id = properties.getMessageId();
    Map<String, Object> headers =
        properties.getHeaders() == null ? Map.of() : properties.getHeaders();
    return new WorkMessage(
        id == null ? UUID.randomUUID().toString() : id,
        count(headers, FAILED),
        count(headers, ORPHANED));
  }

  private static int count(Map<String, Object> headers, String name) {
    return headers.get(name) instanceof Number number ? Math.max(0, number.intValue()) : 0;
  }

  /** The same after an attempt that failed. */
  WorkMessage failedAgain() {
    return new WorkMessage(id, failed + 1, orphaned);
  }

  /** The same after it came from somebody who did not say what became of it. */
  WorkMessage orphanedAgain() {
    return new WorkMessage(id, failed, orphaned + 1);
  }

  /** Whether somebody may have begun with it. */
  boolean isRedelivered() {
    return failed > 0 || orphaned > 0;
  }

  AMQP.BasicProperties properties() {
    return new AMQP.BasicProperties.Builder()
        .deliveryMode(PERSISTENT)
        .contentType(WorkBody.CONTENT_TYPE)
        .messageId(id)
        .headers(Map.of(FAILED, failed, ORPHANED, orphaned))
        .build();
  }
}
