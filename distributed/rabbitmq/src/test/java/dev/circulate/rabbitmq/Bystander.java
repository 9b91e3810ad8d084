package dev.circulate.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Somebody else at a broker, who sees what is there without anything of what is tested.
 *
 * @param broker where
 */
record Bystander(URI broker) {
  /** What is done over an AMQP channel of its own. */
  private interface Glance<T extends @Nullable Object> {
    T at(Channel channel) throws Exception;
  }

  Connection connect() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker);
    return factory.newConnection();
  }

  private <T extends @Nullable Object> T glance(Glance<T> glance) {
    try (Connection connection = connect()) {
      return glance.at(connection.createChannel());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** How many messages a queue has that nobody was given. */
  int waiting(String queue) {
    return glance(channel -> channel.queueDeclarePassive(queue).getMessageCount());
  }

  /** How many take from a queue. */
  int consumers(String queue) {
    return glance(channel -> channel.queueDeclarePassive(queue).getConsumerCount());
  }

  /** Whether there is such a queue. */
  boolean has(String queue) {
    try (Connection connection = connect()) {
      connection.createChannel().queueDeclarePassive(queue);
      return true;
    } catch (IOException _) {
      return false;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Takes the first message out of a queue, for good. */
  @Nullable GetResponse remove(String queue) {
    return glance(channel -> channel.basicGet(queue, true));
  }

  /** Takes the first message of a queue, and dies with it. */
  @Nullable GetResponse dieWith(String queue) {
    return glance(channel -> channel.basicGet(queue, false));
  }

  void publish(String queue, AMQP.BasicProperties properties, byte[] body) {
    boolean _ =
        glance(
            channel -> {
              channel.confirmSelect();
              channel.basicPublish("", queue, properties, body);
              return channel.waitForConfirms();
            });
  }

  void delete(String queue) {
    var _ = glance(channel -> channel.queueDelete(queue));
  }

  /** Makes a durable queue that refuses what is beyond so many messages. */
  void makeRefusing(String queue, int most) {
    var _ =
        glance(
            channel ->
                channel.queueDeclare(
                    queue,
                    true,
                    false,
                    false,
                    Map.of("x-max-length", most, "x-overflow", "reject-publish")));
  }
}
