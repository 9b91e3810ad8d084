package dev.circulate;

import dev.circulate.internal.GathererChannel;
import dev.circulate.internal.LocalChannel;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Gatherer;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;

/**
 * Makes a channel that has more than a buffer: a name, a hook for undelivered values, a gatherer.
 *
 * {@snippet :
 * Channel<Job> newest =
 *     Channel.<Job>builder()
 *         .name("newest jobs")
 *         .buffer(sliding(16))
 *         .onUndelivered(Job::cancel)
 *         .open();
 * }
 *
 * <p>Not safe for use by several threads. One builder may open several channels.
 *
 * @param <T> the type of the values
 */
public final class ChannelBuilder<T> {
  private Buffer buffer = new Buffer.Rendezvous();
  private @Nullable String name;
  private @Nullable Consumer<? super T> onUndelivered;
  private @Nullable Gatherer<? super T, ?, ? extends T> gatherer;
  private @Nullable Function<? super Throwable, ? extends @Nullable T> onFailure;

  ChannelBuilder() {}

  /**
   * Sets the buffer; without one the channel is a rendezvous.
   *
   * @param buffer how many values the channel holds
   */
  public ChannelBuilder<T> buffer(Buffer buffer) {
    this.buffer = Objects.requireNonNull(buffer, "buffer");
    return this;
  }

  /**
   * Names the channel, for listings and error messages.
   *
   * @param name what people call it
   */
  public ChannelBuilder<T> name(String name) {
    this.name = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Sets the hook that is handed every value that was accepted and will never be taken: dropped by
   * the buffer, or left over when the channel is cancelled; also what a mult has no room for, or a
   * pipe can put nowhere ({@link Ports#undelivered}). So a resource in it can be closed.
   *
   * <p>It runs in the thread of the operation that lost the value, or in a go block if that was a
   * peer's, with no lock held; what it throws goes to the {@linkplain Csp#setUncaughtHandler
   * uncaught handler}.
   *
   * @param hook what to do with such a value
   */
  public ChannelBuilder<T> onUndelivered(Consumer<? super T> hook) {
    this.onUndelivered = Objects.requireNonNull(hook, "hook");
    return this;
  }

  /**
   * Passes every value through a gatherer on its way into the buffer: it may let none or several
   * values through for each, its finisher runs at close, and when it wants no more the channel
   * closes. Values that it has taken in and not let through are its own.
   *
   * <p>It runs on the putter's side, one value at a time, with no lock held: in the thread that
   * puts, or in a virtual thread for what others left to do; and a {@code poll} or {@code drain}
   * runs it for the putters that it makes room for, so that it finds what they waited to put. While
   * it is at work in another thread, puts are accepted as long as there is room, and a {@code poll}
   * does not find what was accepted until it is through; an alts with a default never runs it, and
   * so may find nothing yet where a {@code poll} finds what waited to be put. What it throws goes
   * to the {@linkplain #onFailure failure handler}; without one the channel closes with that cause,
   * and what waits to be put is refused.
   *
   * <p>{@link Gatherers} and {@link Gathering} have many. One that changes the type of the values
   * goes between two channels: {@code Pipes.pipe}.
   *
   * @param gatherer what to do with the values
   */
  public ChannelBuilder<T> gather(Gatherer<? super T, ?, ? extends T> gatherer) {
    this.gatherer = Objects.requireNonNull(gatherer, "gatherer");
    return this;
  }

  /**
   * Sets what handles the failures of the gatherer.
   *
   * @param handler is given what the gatherer threw; what it answers, if not null, goes into the
   *     channel, which stays open. What it throws itself closes the channel with that cause.
   */
  public ChannelBuilder<T> onFailure(Function<? super Throwable, ? extends @Nullable T> handler) {
    this.onFailure = Objects.requireNonNull(handler, "handler");
    return this;
  }

  /**
   * Makes the channel.
   *
   * @throws IllegalArgumentException if there is a gatherer, and no buffer for what it emits
   * @throws IllegalStateException if there is a failure handler, and no gatherer
   */
  public Channel<T> open() {
    if (gatherer != null) {
      return GathererChannel.open(buffer, name, onUndelivered, gatherer, onFailure);
    }
    if (onFailure != null) {
      throw new IllegalStateException("a failure handler, and no gatherer that could fail");
    }
    return LocalChannel.open(buffer, name, onUndelivered);
  }
}
