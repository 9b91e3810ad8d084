package dev.circulate.runtime;

import dev.circulate.PeerLostException;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.PutHandler;
import dev.circulate.service.CallError;
import dev.circulate.service.Request;
import org.jspecify.annotations.Nullable;

/**
 * A value that a peer has put into a channel of ours, where it may wait for a taker longer than the
 * session lasts. Of a session that has ended it keeps nothing.
 */
final class Arrival implements PutHandler {
  /** Who counts what waits of one export; nobody once that is of no use. */
  static final class Counter {
    private volatile @Nullable Export export;

    Counter(Export export) {
      this.export = export;
    }

    /** Counts no longer. */
    void end() {
      export = null;
    }
  }

  private final Counter counter;
  private final LocalChannel<Object> channel;
  private final Object value;

  private Arrival(Counter counter, LocalChannel<Object> channel, Object value) {
    this.counter = counter;
    this.channel = channel;
    this.value = value;
  }

  static void put(Counter counter, LocalChannel<Object> channel, Object value) {
    channel.putAsync(value, new Arrival(counter, channel, value));
  }

  @Override
  public void accepted() {
    Export export = counter.export;
    if (export != null) {
      export.left();
      export.grant();
    }
  }

  @Override
  public void refused() {
    if (value instanceof Request request) {
      tellRefused(request);
    }
    channel.undelivered(value);
    Export export = counter.export;
    if (export != null) {
      export.left(); // not before: as long as the hook has it, it counts
      export.grantIfUntold();
    }
  }

  /** The channel was closed while a request was on its way: nobody else will answer that. */
  private void tellRefused(Request request) {
    String command = "'" + request.command() + "'";
    CallError error =
        channel.closeCause() instanceof PeerLostException lost
            ? CallError.PeerLost.of(command, lost)
            : new CallError.UnknownService(
                command + " was not accepted: the service's channel is closed");
    boolean _ = ErrorAnswer.tell(request, error);
  }
}
