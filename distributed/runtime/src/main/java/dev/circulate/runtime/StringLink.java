package dev.circulate.runtime;

import dev.circulate.Alts;
import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.internal.GoBlock;
import dev.circulate.internal.LocalChannel;
import java.time.Duration;
import java.util.Optional;

/** A link over two channels of strings, as the original's transports had. */
final class StringLink implements Link {
  /** How long what was put has to leave when the link is closed. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final LocalChannel<Frame> incoming =
      LocalChannel.open(new Buffer.Rendezvous(), "frames in", null);
  private final LocalChannel<Frame> outgoing =
      LocalChannel.open(new Buffer.Rendezvous(), "frames out", null);

  /** Closes when no more frames are taken to be sent: then no more texts are taken, either. */
  private final Channel<Void> down = Csp.chan();

  StringLink(ReadPort<String> source, WritePort<String> sink) {
    outgoing.onClose(down::close);
    GoBlock.background("frames in", () -> receive(source));
    GoBlock.background("frames out", () -> send(sink));
  }

  private void receive(ReadPort<String> source) throws InterruptedException {
    try {
      Optional<String> text = next(source);
      while (text.isPresent() && incoming.put(new Frame.Text(text.get()))) {
        text = next(source);
      }
      incoming.close();
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      incoming.close(e);
    }
    outgoing.close();
  }

  /** The next text that comes; none is taken that nobody would hear. */
  private Optional<String> next(ReadPort<String> source) throws InterruptedException {
    return Alts.<Optional<String>>first()
        .take(down, _ -> Optional.empty())
        .take(source, Optional::of)
        .onClosed(Optional::empty)
        .priority()
        .await();
  }

  private void send(WritePort<String> sink) throws InterruptedException {
    try {
      sendAll(sink);
      incoming.close();
      outgoing.cancel(); // who puts there waits for nobody
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      incoming.close(e);
      outgoing.cancel(e);
    }
    if (sink instanceof Channel<?> channel) {
      channel.close();
    }
  }

  /** Until the link is closed and all is sent, or something cannot be. */
  private void sendAll(WritePort<String> sink) throws InterruptedException {
    for (Frame frame : outgoing) {
      if (!(frame instanceof Frame.Text(String text)) || !isSent(text, sink)) {
        return;
      }
    }
  }

  /** Waits for whoever takes the texts, but not for ever when the link is closed. */
  private boolean isSent(String text, WritePort<String> sink) throws InterruptedException {
    boolean last;
    do {
      last = outgoing.isClosed() || sink.isClosed();
      if (sink.offer(text, PATIENCE)) {
        return true;
      }
    } while (!last);
    return false;
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
    return false;
  }

  @Override
  public String peer() {
    return "a pair of string channels";
  }

  @Override
  public void close() {
    outgoing.close();
    incoming.cancel(); // who puts there waits for nobody
  }
}
