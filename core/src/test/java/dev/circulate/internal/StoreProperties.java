package dev.circulate.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The buffers that are used under the channel's lock. */
class StoreProperties {
  @Property(tries = 300)
  @Label("CH-1 an unbounded buffer keeps all in order, and no room for what was taken")
  void unbounded(@ForAll @Size(max = 40) List<@IntRange(min = -3000, max = 3000) Integer> bursts) {
    Store.Unbounded<Integer> store = new Store.Unbounded<>();
    ArrayDeque<Integer> model = new ArrayDeque<>();
    int next = 0;
    for (int burst : bursts) {
      for (int i = 0; i < burst; i++) {
        assertThat(store.offer(next)).isNull();
        model.add(next++);
      }
      for (int i = burst; i < 0; i++) {
        assertThat(store.peek()).isEqualTo(model.peek());
        assertThat(store.poll()).isEqualTo(model.poll());
      }
      assertThat(store.size()).isEqualTo(model.size());
      if (store.isEmpty()) {
        assertThat(store.slots).hasSizeLessThanOrEqualTo(1024).containsOnlyNulls();
      }
    }
    List<Integer> left = new ArrayList<>();
    store.clear(left);
    assertThat(left).containsExactlyElementsOf(model);
    assertThat(store.slots).hasSizeLessThanOrEqualTo(1024).containsOnlyNulls();
  }
}
