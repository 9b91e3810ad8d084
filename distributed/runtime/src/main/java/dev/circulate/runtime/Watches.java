package dev.circulate.runtime;

import dev.circulate.internal.LocalChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The channels on which a program watches something, each until it is closed. Safe for use by
 * several threads.
 *
 * @param <T> what happens there
 */
final class Watches<T> {
  /** Of a kind that may change while it is gone through: who is told may close what is watched. */
  private final Set<LocalChannel<T>> open = ConcurrentHashMap.newKeySet();

  void add(LocalChannel<T> watch) {
    open.add(watch);
    watch.onClose(() -> open.remove(watch));
  }

  void tell(T event) {
    open.forEach(watch -> watch.offer(event));
  }

  void close() {
    open.forEach(LocalChannel::close);
  }
}
