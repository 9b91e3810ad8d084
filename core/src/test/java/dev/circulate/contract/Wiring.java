package dev.circulate.contract;

import dev.circulate.Channel;

/** How the two ends of a channel come to be where they are. */
@FunctionalInterface
public interface Wiring {
  /** Gives both ends of a channel that was just made; called any number of times in a test. */
  <T> Ends<T> connect(Channel<T> channel);
}
