package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.go;

import dev.circulate.Channel;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;

/** A link over two channels of strings, as the original's transports had. */
final class StringLink implements Link {
  private final Channel<Frame> incoming = chan();
  private final Channel<Frame> outgoing = chan();

  StringLink(ReadPort<String> source, WritePort<String> sink) {
    go("frames in", () -> receive(source));
    go("frames out", () -> send(sink));
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
      if (!(frame instanceof Frame.Text(String text)) || !sink.put(text)) {
        break;
      }
    }
    outgoing.close();
    if (sink instanceof Channel<?> channel) {
      channel.close();
    }
    incoming.close();
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
