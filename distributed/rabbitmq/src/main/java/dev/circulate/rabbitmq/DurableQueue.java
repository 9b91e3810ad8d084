package dev.circulate.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;

/**
 * A durable queue, and the one beside it for what is put aside. One that is there, as an operator
 * made it, is taken as it is; else it is made without any argument, as every broker knows it.
 */
record DurableQueue(String name) {
  String dead() {
    return name + ".dead";
  }

  /** Declares both, unless they are there. Not for a thread that can be interrupted. */
  void declare(Broker broker) throws IOException {
    declare(broker, dead());
    declare(broker, name);
  }

  private void declare(Broker broker, String queue) throws IOException {
    if (!isThere(broker, queue)) {
      Channel channel = broker.channel();
      try {
        channel.queueDeclare(queue, true, false, false, null);
      } catch (IOException e) {
        throw refused(broker, queue, e);
      } catch (ShutdownSignalException e) {
        throw new IOException(Mailbox.reason(e), e);
      } finally {
        channel.abort();
      }
    }
  }

  /**
   * Removes both, with what is in them, if they are there. Not for a thread that can be
   * interrupted.
   */
  void delete(Broker broker) throws IOException {
    delete(broker, name);
    delete(broker, dead());
  }

  private static void delete(Broker broker, String queue) throws IOException {
    Channel channel = broker.channel();
    try {
      channel.queueDelete(queue);
    } catch (IOException e) {
      if (!Mailbox.isNotThere(e)) {
        throw refused(broker, queue, e);
      }
    } catch (ShutdownSignalException e) {
      throw new IOException(Mailbox.reason(e), e);
    } finally {
      channel.abort();
    }
  }

  private static boolean isThere(Broker broker, String queue) throws IOException {
    Channel channel = broker.channel();
    try {
      channel.queueDeclarePassive(queue);
      return true;
    } catch (IOException e) {
      if (Mailbox.isNotThere(e)) {
        return false;
      }
      throw refused(broker, queue, e);
    } catch (ShutdownSignalException e) {
      throw new IOException(Mailbox.reason(e), e);
    } finally {
      channel.abort();
    }
  }

  private static IOException refused(Broker broker, String queue, IOException e) {
    return e.getCause() instanceof ShutdownSignalException signal
        ? new IOException(
            "the broker at %s refuses queue %s: %s"
                .formatted(broker.address(), queue, Mailbox.reason(signal)),
            signal)
        : e;
  }

  @Override
  public String toString() {
    return "queue " + name;
  }
}
