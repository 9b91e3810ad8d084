package dev.circulate.runtime;

import static dev.circulate.Csp.chan;

import dev.circulate.Channel;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.internal.GoBlock;
import java.time.Duration;

/** A link over two channels of strings, as the original's transports had. */
final class StringLink implements Link {
  /** How long what was put has to leave when the link is closed. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Channel<Frame> incoming = chan();
  private final Channel<Frame> outgoing = chan();

  StringLink(ReadPort<String> source, WritePort<String> sink) {
    GoBlock.background("frames in", () -> receive(source));
    GoBlock.background("frames out", () -> send(sink));
  }

  private void receive(ReadPort<String> source) throws InterruptedException {
    try {
      for (String text = source.take(); text != null; text = source.take()) {
        if (!incoming.put(new Frame.Text(text))) {
          return;
        }
      }
      incoming.close();
    } catch (RuntimeException e) {
      incoming.close(e);
    }
    outgoing.close();
  }

  private void send(WritePort<String> sink) throws InterruptedException {
    for (Frame frame : outgoing) {
      if (!(frame instanceof Frame.Text(String text)) || !isSent(text, sink)) {
        break;
      }
    }
    outgoing.close();
    if (sink instanceof Channel<?> channel) {
      channel.close();
    }
    incoming.close();
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
  }
}
