package dev.circulate.runtime.dialect;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.go;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.WritePort;
import dev.circulate.service.Command;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.Visibility;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the recorded service {@code 42} could do. */
public final class RecordedService {
  private final Channel<Object> made = chan(8);
  private @Nullable WritePort<Object> kept;

  /** A root as the recorded one. */
  static Root root() {
    Root kennel = Root.named("kennel").handler("woof", _ -> 72);
    return withoutDelegate().delegate(kennel.port());
  }

  /** The same in the recordings of a root without a delegate. */
  static Root withoutDelegate() {
    Root root = Root.named("b-root").handler("inc", _ -> 1);
    root.add("42", Service.of(new RecordedService()), Visibility.PUBLIC);
    root.add("secret", Service.of(new RecordedService()), Visibility.PRIVATE);
    return root;
  }

  @Command("get-42")
  int get() {
    return 42;
  }

  @Command("get-42")
  int get(int x) {
    return x + 42;
  }

  @Command
  int plusOne(int x) {
    return x + 1;
  }

  @Command
  @SuppressWarnings("DoNotCallSuggester")
  int boom() {
    throw new IllegalStateException("boom");
  }

  @Command
  @Nullable Object echo(@Nullable Object v) {
    return v;
  }

  @Command
  boolean sendTo(WritePort<Object> channel) throws InterruptedException {
    return channel.put("hello");
  }

  @Command
  boolean streamTo(WritePort<Object> channel, int n) {
    go(
        () -> {
          for (int i = 1; i <= n; i++) {
            channel.put(i);
          }
        });
    return true;
  }

  @Command
  boolean keepChannel(WritePort<Object> channel) {
    kept = channel;
    return true;
  }

  @Command
  boolean keptClosed() {
    return Objects.requireNonNull(kept).isClosed();
  }

  @Command
  Channel<Object> makeChannel() throws InterruptedException {
    Channel<Object> channel = chan(1);
    channel.put(7);
    return channel;
  }

  @Command
  Channel<Object> makeAndKeep() {
    return made;
  }

  @Command
  @Nullable Object takeMade() throws InterruptedException {
    return made.take();
  }

  @Command
  boolean closeMade() {
    made.close();
    return true;
  }

  @Command
  boolean madeClosed() {
    return made.isClosed();
  }

  @Command
  int slow(int ms) throws InterruptedException {
    Csp.timeout(Duration.ofMillis(ms)).take();
    return ms;
  }
}
