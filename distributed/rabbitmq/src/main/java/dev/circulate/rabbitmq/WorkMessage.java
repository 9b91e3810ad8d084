package dev.circulate.rabbitmq;

import com.rabbitmq.client.AMQP;
import java.util.Map;
import java.util.UUID;

/**
 * The properties of a message in a {@link WorkQueue}: persistent, with an id that stays the same
 * however often it is tried, and the number of attempts that did not end well.
 *
 * @param id the value's
 * @param failed how many attempts failed
 */
record WorkMessage(String id, int failed) {
  private static final String FAILED = "circulate-failed";
  private static final int PERSISTENT = 2;

  static WorkMessage first() {
    return new WorkMessage(UUID.randomUUID().toString(), 0);
  }

  /** What came; from others it may lack everything. */
  static WorkMessage of(AMQP.BasicProperties properties) {
    String id = properties.getMessageId();
    Map<String, Object> headers = properties.getHeaders();
    return new WorkMessage(
        id == null ? UUID.randomUUID().toString() : id,
        headers != null && headers.get(FAILED) instanceof Number number
            ? Math.max(0, number.intValue())
            : 0);
  }

  WorkMessage again() {
    return new WorkMessage(id, failed + 1);
  }

  AMQP.BasicProperties properties() {
    return new AMQP.BasicProperties.Builder()
        .deliveryMode(PERSISTENT)
        .contentType(WorkBody.CONTENT_TYPE)
        .messageId(id)
        .headers(Map.of(FAILED, failed))
        .build();
  }
}
