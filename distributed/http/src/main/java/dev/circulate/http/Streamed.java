package dev.circulate.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.circulate.Alts;
import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.PeerLostException;
import dev.circulate.ReadPort;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * Writes what comes out of a channel as it comes, until the channel ends or the client is gone.
 *
 * <p>The next value is taken when the last one is on its way, so that a slow client slows down who
 * puts, and a burst of values shares a write of at most {@value #BURST} bytes. A client that is
 * gone is noticed when something is written to it, for which the beat sees when no value does; the
 * channel is cancelled then, if it came with the right to.
 *
 * <p>A stream that ends before its end says why in a last problem document, and the connection is
 * cut instead of ended, so that no client takes a part for the whole.
 */
final class Streamed {
  private static final int BURST = 16 * 1024;
  private static final Object BEAT = new Object();
  private static final Object CUT_OFF = new Object();
  private static final Object END = new Object();

  private final Exchange exchange;
  private final ReadPort<?> values;
  private final Form form;
  private final Duration beat;
  private final ReadPort<Void> cutOff;

  /**
   * A stream that is not written yet.
   *
   * @param beat how often to write something, at least
   * @param cutOff closed when it must end
   */
  Streamed(Exchange exchange, ReadPort<?> values, Form form, Duration beat, ReadPort<Void> cutOff) {
    this.exchange = exchange;
    this.values = values;
    this.form = form;
    this.beat = beat;
    this.cutOff = cutOff;
  }

  /** Writes it all; returns when nothing more comes, or nobody is there any more. */
  void write() throws InterruptedException {
    announce();
    try {
      send(false, new byte[0]);
      Problem problem = writeValues();
      if (problem == null) {
        send(true, form.end());
        exchange.callback().succeeded();
      } else {
        ByteArrayOutputStream last = new ByteArrayOutputStream();
        form.write("problem", Json.bytes(problem.document()), last);
        send(false, last.toByteArray());
        exchange.callback().failed(new IOException("the stream ended early: " + problem.detail()));
      }
    } catch (IOException gone) {
      exchange.callback().failed(gone);
    } finally {
      giveUp(values);
    }
  }

  /** Answers with the header alone: no value is wanted. */
  void writeHeader() {
    announce();
    giveUp(values);
    try {
      send(false, new byte[0]); // not the last: it has no length that could be told
      exchange.callback().succeeded();
    } catch (IOException gone) {
      exchange.callback().failed(gone);
    }
  }

  private void announce() {
    exchange.response().setStatus(200);
    exchange.response().getHeaders().put(HttpHeader.CONTENT_TYPE, form.mediaType());
    exchange.response().getHeaders().put("X-Accel-Buffering", "no"); // a proxy is not to hold it
  }

  /** Ends a stream that nobody wants, as far as that is allowed. */
  static void giveUp(ReadPort<?> values) {
    if (values instanceof Channel<?> channel) {
      channel.cancel();
    }
  }

  /**
   * @return why it ended early; null if it did not
   */
  private @Nullable Problem writeValues() throws IOException, InterruptedException {
    while (true) {
      Object next;
      try {
        next = next();
      } catch (RuntimeException | Error e) {
        return broken(e);
      }
      if (next == END) {
        return null;
      }
      if (next == CUT_OFF) {
        return Problem.stopping();
      }
      if (next == BEAT) {
        send(false, form.beat());
        continue;
      }
      ByteArrayOutputStream burst = new ByteArrayOutputStream();
      Problem problem = write(next, burst);
      send(false, burst.toByteArray());
      if (problem != null) {
        return problem;
      }
    }
  }

  /**
   * Writes a value, and those that are there behind it.
   *
   * @return what is wrong with the next; null if nothing is
   */
  private @Nullable Problem write(Object first, ByteArrayOutputStream burst) {
    try {
      Object value = first;
      while (value != null) {
        form.write(Json.bytes(value), burst);
        value = burst.size() < BURST ? values.poll() : null;
      }
      return null;
    } catch (JsonProcessingException e) {
      return Problem.of(
          new CallError.Internal("a value has no form as JSON: " + e.getOriginalMessage()));
    } catch (RuntimeException | Error e) {
      return broken(e);
    }
  }

  private Object next() throws InterruptedException {
    return Alts.first()
        .take(cutOff, _ -> CUT_OFF)
        .take(values, value -> value)
        .timeout(beat, () -> BEAT)
        .onClosed(() -> cutOff.isClosed() ? CUT_OFF : END)
        .await();
  }

  /** What is thrown is of the channel, or of who converts its values, or of a value. */
  private static Problem broken(Throwable thrown) {
    return Problem.of(
        switch (thrown instanceof ChannelFailedException failed ? failed.getCause() : thrown) {
          case CallException known -> known.error();
          case PeerLostException lost ->
              new CallError.PeerLost(lost.peer(), String.valueOf(lost.getMessage()));
          case null -> new CallError.Internal("the stream failed without a cause");
          case Throwable other -> CallError.Failed.of(other);
        });
  }

  /** Returns when the bytes have left for the client. */
  private void send(boolean last, byte[] bytes) throws IOException {
    Content.Sink.write(exchange.response(), last, ByteBuffer.wrap(bytes));
  }
}
