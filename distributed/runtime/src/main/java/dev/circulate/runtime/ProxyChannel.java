package dev.circulate.runtime;

import dev.circulate.Channel;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.PutSide;
import dev.circulate.internal.ReadFace;
import dev.circulate.internal.TakeSide;
import dev.circulate.internal.WriteFace;
import dev.circulate.service.Request;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A channel whose owner is in another address space: what a channel in a message becomes when it
 * arrives. It is used as any channel, in an alts as well.
 *
 * <p>It keeps the promises of {@link Channel} but for what is asked without waiting (below), and
 * with one difference: {@link #put} answers true when the value is on its way, not when the far
 * channel has accepted it, and up to a window of values ({@link Limits#window}) may be on the way.
 * A value that arrives after the owner has closed the channel goes to the channel's undelivered
 * hook there.
 *
 * <p>Where the owner did not give the right to close, a close or a cancel ends this side alone.
 *
 * <p>A take asks the owner for one value. {@link #poll()} and {@link #drain} do not ask: they give
 * what has come and found no taker, an offer looks at the window, and what is counted is what is
 * here. When the peer is lost the channel closes with a {@link dev.circulate.PeerLostException}. A
 * proxy that nobody holds any more is forgotten on both sides.
 *
 * @param <T> the type of the values
 */
// Every operation that the owner is to learn of keeps this reachable until it is done: a face that
// was collected has nothing more to say.
final class ProxyChannel<T> implements Channel<T>, TakeSide<T>, PutSide<T> {
  private final Import held;
  private final LocalChannel<T> outbound;
  private final LocalChannel<T> inbound;

  @SuppressWarnings("unchecked") // the type of what crosses is the two programs' agreement
  ProxyChannel(Import held) {
    this.held = held;
    this.outbound = (LocalChannel<T>) held.sender().outbound();
    this.inbound = (LocalChannel<T>) held.receiver().inbound();
  }

  Import held() {
    return held;
  }

  @Override
  public boolean put(T value) throws InterruptedException {
    try {
      return outbound.put(held.sender().checked(value));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public boolean offer(T value) {
    try {
      return outbound.offer(held.sender().checked(value));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public boolean offer(T value, Duration timeout) throws InterruptedException {
    try {
      return outbound.offer(held.sender().checked(value), timeout);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public @Nullable T take() throws InterruptedException {
    try {
      return inbound.take();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public @Nullable T poll() {
    try {
      return inbound.poll();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public @Nullable T poll(Duration timeout) throws InterruptedException {
    try {
      return inbound.poll(timeout);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public List<T> drain(int most) {
    try {
      return inbound.drain(most);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void close() {
    try {
      held.sender().close(null);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void close(Throwable cause) {
    try {
      held.sender().close(cause);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void cancel() {
    try {
      held.cancel(null);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void cancel(Throwable cause) {
    try {
      held.cancel(cause);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public boolean isClosed() {
    return outbound.isClosed();
  }

  @Override
  public @Nullable Throwable closeCause() {
    Throwable cause = outbound.closeCause();
    return cause != null ? cause : inbound.closeCause();
  }

  @Override
  public ReadPort<T> readPort() {
    return new ReadFace<>(this, this);
  }

  @Override
  public WritePort<T> writePort() {
    return new WriteFace<>(this, this);
  }

  @Override
  public int buffered() {
    return inbound.buffered();
  }

  @Override
  public int waitingTakers() {
    return inbound.waitingTakers();
  }

  @Override
  public int waitingPutters() {
    return outbound.waitingPutters();
  }

  @Override
  public LocalChannel<T> takeSide() {
    return inbound;
  }

  @Override
  public LocalChannel<T> putSide() {
    return outbound;
  }

  /** As {@link #put} looks at it; a request that cannot be sent is answered with an error. */
  @Override
  public Object asPut(T value) {
    return value instanceof Request ? value : held.sender().checked(value);
  }

  @Override
  public String peer() {
    return held.peerName();
  }

  @Override
  public String toString() {
    return outbound.toString();
  }
}
