package dev.circulate.rabbitmq;

import dev.circulate.internal.GoBlock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer has of the broker and has not settled, and which go blocks hold it: those settle
 * it when they end. What was taken by a thread that is no go block's, or by a pipe, is not in here.
 */
final class Holdings<T> {
  /** Guarded by this, and so are the holders of what is in it. */
  private final Set<Delivery<T>> here = new HashSet<>();

  /** Those who are told when they end, with how many they hold; guarded by this. */
  private final Map<Thread, Integer> blocks = new HashMap<>();

  /** It came. */
  synchronized void arrived(Delivery<T> delivery) {
    here.add(delivery);
  }

  /** It was settled, or somebody else will have it. */
  synchronized void left(Delivery<T> delivery) {
    if (here.remove(delivery)) {
      release(delivery);
    }
    notifyAll();
  }

  /** Whoever has taken it does not want it; the next taker will have it. */
  synchronized void givenBack(Delivery<T> delivery) {
    release(delivery);
    if (!delivery.isSettled()) {
      here.add(delivery);
    }
  }

  private void release(Delivery<T> delivery) {
    if (delivery.holder != null) {
      blocks.computeIfPresent(delivery.holder, (_, held) -> held - 1);
      delivery.holder = null;
    }
  }

  /** The calling thread has taken it. */
  void taken(Delivery<T> delivery) {
    Thread me = Thread.currentThread();
    boolean isBlock = isKnown(me) || GoBlock.whenEnded(failure -> ended(me, failure));
    synchronized (this) {
      if (!here.contains(delivery)) {
        return;
      }
      if (isBlock) {
        delivery.holder = me;
        blocks.merge(me, 1, Integer::sum);
      } else {
        here.remove(delivery);
        notifyAll();
      }
    }
  }

  private synchronized boolean isKnown(Thread block) {
    return blocks.containsKey(block);
  }

  private void ended(Thread block, @Nullable Throwable failure) {
    for (Delivery<T> each : heldBy(block)) {
      if (failure == null) {
        each.done();
      } else {
        each.failed();
      }
    }
    synchronized (this) {
      blocks.remove(block);
    }
  }

  private synchronized List<Delivery<T>> heldBy(Thread block) {
    List<Delivery<T>> held = new ArrayList<>();
    for (Delivery<T> each : here) {
      if (block.equals(each.holder)) {
        held.add(each);
      }
    }
    return held;
  }

  /** How many the calling thread holds, if it is a go block's. */
  synchronized int mine() {
    return blocks.getOrDefault(Thread.currentThread(), 0);
  }

  /** Waits until nobody holds anything but the calling thread. */
  synchronized void awaitOthers() throws InterruptedException {
    while (here.size() > mine()) {
      wait();
    }
  }
}
