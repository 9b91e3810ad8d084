package dev.circulate.rabbitmq;

import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Csp;
import dev.circulate.ReadPort;
import dev.circulate.runtime.Frame;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.CharacterCodingException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The frames that have come over a link, until they are taken. Then, and not before, the broker may
 * forget them and the sender is given credit: what is here is nowhere else but at the broker.
 */
final class Arrivals {
  private record Arrived(Letter letter, long tag) {}

  private final int window;
  private final Channel<Arrived> arrived;
  private final Channel<Frame> incoming;

  /**
   * Without any.
   *
   * @param window how many frames the sender may send without credit
   * @param others how many letters that are no frames may be among them
   */
  Arrivals(String peer, int window, int others) {
    this.window = window;
    this.arrived =
        Channel.<Arrived>builder()
            .buffer(Csp.fixed(window + others))
            .name("letters of " + peer)
            .open();
    this.incoming =
        Channel.<Frame>builder()
            .buffer(new Buffer.Rendezvous())
            .name("incoming frames of " + peer)
            .open();
  }

  /** Where they are taken. */
  ReadPort<Frame> incoming() {
    return incoming.readPort();
  }

  /**
   * Keeps a letter with a frame, or with the word that no other comes. Never blocks.
   *
   * @return false if there is no room, which a sender that keeps to its window leaves
   */
  boolean add(Letter letter, long tag) {
    return arrived.offer(new Arrived(letter, tag)) || arrived.isClosed();
  }

  /**
   * Hands frames on, one after the other, until there is an end. The broker is told together of
   * those that were taken, when there is nothing else to do or half the window has been taken, as
   * the sender is given credit.
   *
   * @param onClose told when all was taken that the peer sent before it closed the link
   * @throws ProtocolException if the peer sent what is no frame; no more can be taken then
   * @throws IOException if the broker is not there, likewise
   */
  void handOn(Mailbox box, String far, Consumer<Letter> onClose)
      throws IOException, InterruptedException {
    int step = Math.max(1, window / 2);
    int taken = 0;
    try {
      for (Arrived next = arrived.take(); next != null; next = arrived.take()) {
        if (next.letter.kind() != Letter.Kind.DATA) {
          onClose.accept(next.letter);
          continue;
        }
        if (!incoming.put(frame(next.letter))) {
          return; // nobody wants it any more
        }
        taken++;
        if (taken == step) {
          taken = 0;
          box.acknowledge(next.tag, true);
          box.send(far, Letter.credit(step));
        } else if (arrived.buffered() == 0) {
          box.acknowledge(next.tag, true);
        }
      }
      incoming.close();
    } catch (ChannelFailedException e) {
      incoming.close(Objects.requireNonNullElse(e.getCause(), e));
    } catch (IOException e) {
      incoming.close(e);
      throw e;
    }
  }

  private static Frame frame(Letter letter) throws ProtocolException {
    try {
      return letter.frame();
    } catch (CharacterCodingException _) {
      throw new ProtocolException("a text came that is no UTF-8");
    }
  }

  /** No more come. What has come can still be taken. */
  void end(@Nullable IOException cause) {
    if (cause == null) {
      arrived.close();
    } else {
      arrived.close(cause);
    }
  }

  /** No more are wanted. */
  void cancel() {
    incoming.cancel();
  }
}
