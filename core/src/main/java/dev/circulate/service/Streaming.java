package dev.circulate.service;

import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.internal.Collected;
import dev.circulate.internal.Context;
import dev.circulate.internal.Interrupter;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.Pending;
import dev.circulate.internal.PutHandler;
import dev.circulate.internal.Uncaught;
import java.lang.ref.WeakReference;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/**
 * The values of a stream, or of an iterator, that a command answered, on their way into a channel
 * that the caller has.
 *
 * <p>The next value is made when the last one was taken. It ends with the last value, with what the
 * stream throws, when the caller cancels or closes the channel, which interrupts the stream as
 * well, and when nobody holds the channel any more: a caller that was lost, or forgot it. For the
 * last one this must not hold the channel itself while it waits. A put that waits stands in the
 * channel, and this waits for the outcome elsewhere.
 */
final class Streaming {
  private static final Buffer ONE = new Buffer.Fixed(1);

  private final String name;
  private final Iterator<?> values;
  private final @Nullable BaseStream<?, ?> stream;

  /** Whether a put was accepted; closed when nobody holds the channel any more. */
  private final LocalChannel<Boolean> outcome;

  private Streaming(String name, Iterator<?> values, @Nullable BaseStream<?, ?> stream) {
    this.name = name;
    this.values = values;
    this.stream = stream;
    this.outcome = LocalChannel.open(ONE, "demand for " + name, null);
  }

  /**
   * What is to flow, if that is what a command answered.
   *
   * @param name whose stream it is
   * @return null if it is no stream
   * @throws IllegalStateException if the stream was used already; it is closed then
   */
  static @Nullable Streaming of(@Nullable Object answer, String name) {
    return switch (answer) {
      case BaseStream<?, ?> stream -> of(stream, name);
      case Iterator<?> values -> new Streaming(name, values, null);
      case null, default -> null;
    };
  }

  private static Streaming of(BaseStream<?, ?> stream, String name) {
    try {
      return new Streaming(name, stream.iterator(), stream);
    } catch (Throwable unusable) {
      close(stream, name);
      throw unusable;
    }
  }

  /**
   * Gives the caller the channel, and then the values; returns when they have ended.
   *
   * @param reply where the channel is answered
   * @param counted counts until the channel is closed: who sees that may ask again at once
   */
  void run(Reply reply, Counted counted) {
    Interrupter interrupter = new Interrupter();
    Pending watch = Pending.DONE;
    try {
      WeakReference<LocalChannel<Object>> held = open(reply);
      LocalChannel<Object> channel = held.get();
      if (channel != null) {
        watch = channel.onClose(interrupter::fire);
        channel = null; // what the put stands in must not be held from here
        Context.current().withoutDeadline().run(() -> flow(held, counted));
      }
    } finally {
      watch.withdraw();
      interrupter.end();
      if (stream != null) {
        close(stream, name);
      }
    }
  }

  private WeakReference<LocalChannel<Object>> open(Reply reply) {
    LocalChannel<Object> channel = LocalChannel.open(new Buffer.Rendezvous(), name, null);
    Collected.watch(channel, outcome::close);
    if (!reply.begin(channel)) {
      channel.cancel();
    }
    return new WeakReference<>(channel);
  }

  private void flow(WeakReference<LocalChannel<Object>> held, Counted counted) {
    try {
      while (values.hasNext()) {
        Object value = values.next();
        if (value == null) {
          throw new NullPointerException("a stream of values for a channel has a null in it");
        }
        if (!begin(held, value) || !Boolean.TRUE.equals(outcome.take())) {
          return;
        }
      }
      end(held, counted, Channel::close);
    } catch (Throwable thrown) {
      end(held, counted, channel -> channel.close(thrown));
    }
  }

  private static void end(
      WeakReference<LocalChannel<Object>> held,
      Counted counted,
      Consumer<Channel<Object>> closing) {
    counted.leave();
    Channel<Object> channel = held.get();
    if (channel != null) {
      closing.accept(channel);
    }
  }

  /** In a method of its own, so that no frame holds the channel while the put waits. */
  private boolean begin(WeakReference<LocalChannel<Object>> held, Object value) {
    LocalChannel<Object> channel = held.get();
    if (channel == null) {
      return false;
    }
    LocalChannel<Boolean> told = outcome;
    channel.putAsync(
        value,
        new PutHandler() {
          @Override
          public void accepted() {
            told.offer(true);
          }

          @Override
          public void refused() {
            told.offer(false);
          }
        });
    return true;
  }

  private static void close(BaseStream<?, ?> stream, String name) {
    try {
      stream.close();
    } catch (RuntimeException e) {
      Uncaught.report("the stream of " + name, e);
    }
  }
}
