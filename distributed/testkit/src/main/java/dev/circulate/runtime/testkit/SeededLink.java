package dev.circulate.runtime.testkit;

import dev.circulate.Alts;
import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Csp;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.internal.GoBlock;
import dev.circulate.runtime.Frame;
import dev.circulate.runtime.Link;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A link on which each direction has its {@link Course}; a go block for each moves the frames. */
final class SeededLink implements Link {
  /** How long a frame that is held back waits for the one that is to overtake it. */
  private static final Duration HELD_AT_MOST = Duration.ofMillis(2);

  private final Link link;
  private final Course there;
  private final Course back;
  private final String name;
  private final Channel<Frame> incoming = Csp.chan();
  private final Channel<Frame> outgoing = Csp.chan();

  /** Closed when nobody wants what arrives any more: whoever closes a link wants nothing of it. */
  private final Channel<Void> unwanted = Csp.chan();

  /** Closed when all has arrived. */
  private final Channel<Void> received = Csp.chan();

  SeededLink(Link link, Course there, Course back, String name) {
    this.link = link;
    this.there = there;
    this.back = back;
    this.name = name;
  }

  /** Begins to move frames. */
  void start(Runnable whenDown) {
    GoBlock.background(name + ", out", () -> send(whenDown));
    GoBlock.background(name + ", in", this::receive);
  }

  private void send(Runnable whenDown) throws InterruptedException {
    try {
      moveOut();
      Alts.<Boolean>first()
          .take(unwanted, _ -> true)
          .take(received, _ -> true)
          .onClosed(() -> true)
          .await();
    } finally {
      whenDown.run();
      incoming.cancel();
      link.close();
    }
  }

  private void moveOut() throws InterruptedException {
    try {
      move(outgoing, link.outgoing(), there);
    } catch (ChannelFailedException _) {
      // it was cut
    } finally {
      outgoing.cancel();
    }
  }

  private void receive() throws InterruptedException {
    try {
      move(link.incoming(), incoming, back);
      incoming.close();
    } catch (ChannelFailedException e) {
      incoming.close(Objects.requireNonNull(e.getCause()));
    } finally {
      outgoing.cancel();
      received.close();
    }
  }

  /** Moves frames until either end is closed; then nobody who waits to send waits any longer. */
  private void move(ReadPort<Frame> from, WritePort<Frame> to, Course course)
      throws InterruptedException {
    Frame held = null;
    while (true) {
      Frame frame = held == null ? from.take() : from.poll(HELD_AT_MOST);
      if (frame == null && held == null) {
        return;
      }
      Course.Fate fate = frame == null ? Course.Fate.LOST : course.next();
      if (fate == Course.Fate.HELD_BACK && held == null) {
        held = frame;
        continue;
      }
      if (fate == Course.Fate.CUT) {
        cut();
        return;
      }
      if (fate == Course.Fate.DELAYED) {
        Csp.timeout(course.delay()).take();
      }
      int copies =
          switch (fate) {
            case LOST -> 0;
            case DOUBLED -> 2;
            default -> 1;
          };
      if (!put(to, frame, copies) || !put(to, held, held == null ? 0 : 1)) {
        return;
      }
      held = null;
    }
  }

  private static boolean put(WritePort<Frame> to, @Nullable Frame frame, int copies)
      throws InterruptedException {
    for (int copy = 0; copy < copies; copy++) {
      if (!to.put(Objects.requireNonNull(frame))) {
        return false;
      }
    }
    return true;
  }

  /** Breaks the link: what is on its way here is lost, in both directions. */
  void cut() {
    IllegalStateException cause = new IllegalStateException("the test cut " + name);
    incoming.cancel(cause);
    outgoing.cancel(cause);
    unwanted.close();
    link.close();
  }

  @Override
  public ReadPort<Frame> incoming() {
    return incoming;
  }

  @Override
  public WritePort<Frame> outgoing() {
    return outgoing;
  }

  @Override
  public boolean carriesBytes() {
    return link.carriesBytes();
  }

  @Override
  public String peer() {
    return link.peer();
  }

  @Override
  public void close() {
    outgoing.close();
    unwanted.close();
  }
}
