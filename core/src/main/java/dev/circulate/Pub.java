package dev.circulate;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives each value of a channel to those who subscribed to its topic.
 *
 * {@snippet :
 * Pub<Symbol, Quote> quotes = Pub.of(source, Quote::symbol);
 * Channel<Quote> mine = quotes.sub(Symbol.of("ACME"), chan(16), SlowTap.DETACH);
 * }
 *
 * <p>A value to whose topic nobody subscribed is lost. With {@link SlowTap#WAIT} a slow subscriber
 * holds up all topics. <b>Closing.</b> When the source has ended, subscribers that are {@link
 * Channel}s are closed, with its cause if it has one. A subscriber that is closed or cancelled is
 * forgotten, as is one that refuses a value with an exception, which it is closed with, or which
 * the {@linkplain Csp#setUncaughtHandler uncaught handler} is told. What the topic function, or a
 * topic, throws ends all with that cause, and cancels a source that is a {@link Channel}; the value
 * that it threw at goes back there. <b>Threads.</b> Every method may be called by any thread at any
 * time; none blocks.
 *
 * @param <K> the type of the topics
 * @param <T> the type of the values
 */
public final class Pub<K, T> {
  private final Map<K, Fanout<T>> topics = new ConcurrentHashMap<>();
  private final Function<? super T, ? extends K> topic;

  /** Whether all has ended; guarded by this. */
  private boolean ended;

  /** Why; written before all has ended. */
  private @Nullable Throwable cause;

  private Pub(Function<? super T, ? extends K> topic) {
    this.topic = topic;
  }

  /**
   * Begins to publish.
   *
   * @param source what to publish; nobody else should take from it
   * @param topic tells a value's topic, not null
   * @param <K> the type of the topics
   * @param <T> the type of the values
   */
  public static <K, T> Pub<K, T> of(ReadPort<T> source, Function<? super T, ? extends K> topic) {
    Objects.requireNonNull(source, "source");
    Pub<K, T> pub = new Pub<>(Objects.requireNonNull(topic, "topic"));
    Pump.fanOut("pub of", source, value -> pub.deliver(source, value), pub::end);
    return pub;
  }

  private void deliver(ReadPort<T> source, T value) throws InterruptedException {
    Fanout<T> subscribers = subscribersTo(source, value);
    if (subscribers != null) {
      subscribers.deliver(value);
    }
  }

  private @Nullable Fanout<T> subscribersTo(ReadPort<T> source, T value) {
    try {
      return topics.get(Objects.requireNonNull(topic.apply(value), () -> "the topic of " + value));
    } catch (Throwable e) {
      Ports.giveBack(source, value);
      throw e;
    }
  }

  private boolean end(@Nullable Throwable why) {
    List<Fanout<T>> all;
    synchronized (this) {
      cause = why;
      ended = true;
      all = List.copyOf(topics.values());
    }
    boolean told = false;
    for (Fanout<T> each : all) {
      told |= each.end(why);
    }
    return told;
  }

  /**
   * Subscribes to a topic.
   *
   * @param about the topic
   * @param subscriber where to put its values from now on
   * @param policy what happens when it has no room
   * @param <P> the type of the subscriber
   * @return the subscriber
   * @throws IllegalArgumentException if the subscriber is to be waited for and is no port of this
   *     library's
   */
  public <P extends WritePort<? super T>> P sub(K about, P subscriber, SlowTap policy) {
    Objects.requireNonNull(about, "about");
    Fanout.Tap<T> tap =
        new Fanout.Tap<>(
            Objects.requireNonNull(subscriber, "subscriber"),
            Objects.requireNonNull(policy, "policy"));
    Fanout<T> subscribers = entered(about, tap);
    if (subscribers != null) {
      subscribers.attend(tap);
    } else {
      Pump.close(subscriber, cause);
    }
    return subscriber;
  }

  /** Where a tap has come; null if all has ended. */
  private synchronized @Nullable Fanout<T> entered(K about, Fanout.Tap<T> tap) {
    if (ended) {
      return null;
    }
    Fanout<T> subscribers =
        topics.computeIfAbsent(about, _ -> new Fanout<>(() -> forgetIfEmpty(about)));
    subscribers.enter(tap);
    return subscribers;
  }

  private synchronized void forgetIfEmpty(K about) {
    Fanout<T> subscribers = topics.get(about);
    if (subscribers != null && subscribers.isEmpty()) {
      topics.remove(about);
    }
  }

  /**
   * Ends a subscription; the subscriber stays open.
   *
   * @param about the topic
   * @param subscriber who leaves
   */
  public synchronized void unsub(K about, WritePort<? super T> subscriber) {
    Fanout<T> subscribers = topics.get(about);
    if (subscribers != null) {
      subscribers.remove(subscriber);
    }
  }

  /**
   * Ends all subscriptions to a topic; the subscribers stay open.
   *
   * @param about the topic
   */
  public synchronized void unsubAll(K about) {
    Fanout<T> subscribers = topics.get(about);
    if (subscribers != null) {
      subscribers.removeAll();
    }
  }

  /** Ends all subscriptions to all topics; the subscribers stay open. */
  public synchronized void unsubAll() {
    topics.values().forEach(Fanout::removeAll);
  }
}
