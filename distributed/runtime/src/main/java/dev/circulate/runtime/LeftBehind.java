package dev.circulate.runtime;

import dev.circulate.internal.LocalChannel;
import dev.circulate.runtime.codec.Rights;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What waits in channels of ours that the peer has put there and has no name for any more. Keeps no
 * channel alive, and nothing for one in which nothing waits. Guarded by the {@link Tables}.
 */
final class LeftBehind {
  private final Map<LocalChannel<Object>, Map<Rights, Inflow>> inflows = new WeakHashMap<>();

  /** Who counts for exports that were forgotten, kept by what they count. */
  private final Set<Arrival.Counter> counters = Collections.newSetFromMap(new WeakHashMap<>());

  /** What waits in a channel, put there with the rights; a new one if nothing does. */
  Inflow in(@Nullable LocalChannel<Object> channel, Rights rights) {
    return channel == null
        ? new Inflow()
        : inflows.getOrDefault(channel, Map.of()).getOrDefault(rights, new Inflow());
  }

  /** Keeps what waits for an export that was forgotten, as long as something does. */
  void look(Export forgotten) {
    LocalChannel<Object> channel = forgotten.puts();
    if (channel == null || forgotten.reference().reply()) { // good for one put, and that came last
      return;
    }
    Inflow inflow = forgotten.inflow();
    if (!inflow.isEmpty()) {
      counters.add(forgotten.counter());
      inflows.computeIfAbsent(channel, _ -> new HashMap<>(2)).put(forgotten.rights(), inflow);
    } else {
      inflows.computeIfPresent(
          channel,
          (_, byRights) -> {
            byRights.remove(forgotten.rights(), inflow);
            return byRights.isEmpty() ? null : byRights;
          });
    }
  }

  void clear() {
    inflows.clear();
    counters.forEach(Arrival.Counter::end);
    counters.clear();
  }
}
