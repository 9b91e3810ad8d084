package dev.circulate.rabbitmq;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of the values that it gave back to the broker as they were: how often
 * each has failed. The broker only marks them, as it marks those whose worker has died.
 */
final class Returned {
  /** One that another process gets is never asked for here. */
  private static final int MOST = 10_000;

  /** Guarded by this. */
  @SuppressWarnings("serial") // nobody writes it
  private final Map<String, WorkMessage> byId =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, WorkMessage> eldest) {
          return size() > MOST;
        }
      };

  /** A value goes back; what it says is true of it, whatever the broker will say. */
  synchronized void add(WorkMessage message) {
    byId.put(message.id(), message);
  }

  /** What is known of a value that is here again, and is forgotten now; null if nothing is. */
  synchronized @Nullable WorkMessage remove(String id) {
    return byId.remove(id);
  }
}
