package dev.circulate.runtime;

import dev.circulate.Checked;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Fails as no transport should, so many times as a test wants; then {@code moody://name} leads to
 * {@code memory://name}.
 */
public final class Moody implements Transport {
  /** How many attempts are still to fail. */
  static final AtomicInteger MOODS = new AtomicInteger();

  /** With what. */
  static final AtomicReference<Throwable> FAILURE =
      new AtomicReference<>(new IllegalStateException("in no mood"));

  /** A failure of each kind: unchecked, checked, an error. */
  static List<Throwable> moods() {
    return List.of(
        new IllegalStateException("in no mood"),
        new TimeoutException("in no mood"),
        new AssertionError("in no mood"));
  }

  /** For the service loader. */
  public Moody() {}

  @Override
  public Set<String> schemes() {
    return Set.of("moody");
  }

  @Override
  public Link connect(URI uri) throws IOException {
    if (MOODS.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return Checked.thrown(FAILURE.get());
    }
    return new MemoryTransport().connect(URI.create("memory://" + uri.getHost()));
  }

  @Override
  public Listener listen(URI uri, Consumer<? super Link> accept) throws IOException {
    return new MemoryTransport().listen(URI.create("memory://" + uri.getHost()), accept);
  }
}
