package dev.circulate.rabbitmq;

import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Csp;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.runtime.Frame;
import dev.circulate.runtime.FrameTooLongException;
import dev.circulate.runtime.Link;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A stream between two {@linkplain Mailbox mailboxes}, one at each end.
 *
 * <pre>
 *   opener                       broker                        taker
 *   OPEN, to the node's inbox ----------------------------------&gt; makes a mailbox
 *   &lt;----------------------------------------- ACCEPT, to the opener's mailbox
 *   DATA ------------------------------------------------------&gt;
 *   &lt;---------------------------------------- CREDIT, now and then
 *   CLOSE -----------------------------------------------------&gt;
 * </pre>
 *
 * <p><b>Windows.</b> A sender has no more frames on their way than the receiver's window. The
 * receiver gives credit for those that were taken from {@link #incoming}, and acknowledges them to
 * the broker then and not before ({@link Arrivals}). So nothing here waits for a slow taker but its
 * own sender, and a peer that sends more than it may is noticed.
 *
 * <p><b>Threads.</b> The writer takes from {@code outgoing} and sends; the reader takes what has
 * arrived and puts it into {@code incoming}. Neither is ever interrupted ({@link Broker} says why):
 * they end because what they wait for is closed.
 *
 * <p><b>The end</b> comes once, by {@link #end}, for the first reason that is noticed: a close from
 * either side, a letter that could not be delivered, the connection gone, a broken rule.
 */
final class AmqpLink implements Link, Mailbox.Owner {
  /** How long a closed link waits for what was put to leave. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private static final int OUTGOING = 8;

  /** Letters that are not frames, and are acknowledged as they come. */
  private static final int OTHERS = 8;

  private final String peer;
  private final Broker broker;
  private final int window;
  private final Channel<Frame> outgoing;
  private final Arrivals arrivals;
  private final Channel<String> accepted;
  private final Channel<Void> ended;
  private final Window mayLeave = new Window();
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Consumer<AmqpLink> atEnd;

  /** Whether the peer has said that it leaves. */
  private volatile boolean farewell;

  /** What the peer did wrong, for it to know; set before the end. */
  private volatile @Nullable Letter verdict;

  private AmqpLink(Broker broker, String peer, Consumer<AmqpLink> atEnd) {
    this.broker = broker;
    this.atEnd = atEnd;
    this.peer = peer;
    this.window = broker.options().window();
    this.outgoing = channel("outgoing frames of " + peer, Csp.fixed(OUTGOING));
    this.arrivals = new Arrivals(peer, window, OTHERS);
    this.accepted = channel("acceptance by " + peer, Csp.promise());
    this.ended = channel("end of link to " + peer, new Buffer.Rendezvous());
  }

  private static <T> Channel<T> channel(String name, Buffer buffer) {
    return Channel.<T>builder().buffer(buffer).name(name).open();
  }

  // ---- how it comes to be

  /**
   * A link to a node, waiting until the node has accepted it. Not for a thread that can be
   * interrupted.
   *
   * @param broker to be released when the link has ended, or could not be made
   * @throws IOException if there is no such node, or it does not accept
   */
  static AmqpLink connect(Broker broker, AmqpAddress to) throws IOException {
    AmqpLink link = new AmqpLink(broker, "node at " + to, _ -> {});
    return link.made(
        box -> {
          box.send(Mailbox.NODES + to.node(), Letter.open(box.queue(), link.window));
          return link.awaitAccepted(to);
        });
  }

  /**
   * The other end of a link that somebody opens. Not for a thread that can be interrupted.
   *
   * @param broker to be released when the link has ended, or could not be made
   * @param atEnd told when the link has ended, if it could be made
   * @throws IOException if the broker refuses
   */
  static AmqpLink accept(Broker broker, Letter open, String opener, Consumer<AmqpLink> atEnd)
      throws IOException {
    AmqpLink link = new AmqpLink(broker, opener + " at " + broker.address(), atEnd);
    return link.made(
        box -> {
          link.mayLeave.open(open.count());
          box.send(opener, Letter.accept(box.queue(), link.window));
          return opener;
        });
  }

  /** Agrees with the other end, whose mailbox's name it answers. */
  private interface Opening {
    String agree(Mailbox box) throws IOException;
  }

  /** This link, once it is made; if it cannot be, for whatever reason, nothing of it stays. */
  private AmqpLink made(Opening opening) throws IOException {
    Mailbox box = null;
    boolean made = false;
    try {
      box = mailbox();
      start(box, opening.agree(box));
      made = true;
      return this;
    } finally {
      if (!made) {
        end(new IOException("the link to " + peer + " could not be made"));
        if (box != null) {
          box.close();
        }
        broker.release();
      }
    }
  }

  private Mailbox mailbox() throws IOException {
    return Mailbox.open(broker, Mailbox.LINKS + UUID.randomUUID(), window + OTHERS, this);
  }

  private String awaitAccepted(AmqpAddress to) throws IOException {
    try {
      String far = accepted.poll(broker.options().patience());
      if (far == null) {
        throw new IOException(
            "node '%s' at %s did not accept a link within %s"
                .formatted(to.node(), to.broker(), broker.options().patience()));
      }
      return far;
    } catch (ChannelFailedException e) {
      throw new IOException(
          "no link to node '%s' at %s: %s"
              .formatted(to.node(), to.broker(), Objects.requireNonNull(e.getCause()).getMessage()),
          e);
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  private void start(Mailbox box, String far) {
    Thread.ofVirtual().name("reader from " + peer).start(() -> read(box, far));
    // the last that can fail: from here on the writer releases everything
    Thread.ofVirtual().name("writer to " + peer).start(() -> write(box, far));
  }

  @Override
  public ReadPort<Frame> incoming() {
    return arrivals.incoming();
  }

  @Override
  public WritePort<Frame> outgoing() {
    return outgoing.writePort();
  }

  @Override
  public String peer() {
    return peer;
  }

  /** Closes when the link has left nothing behind at the broker. */
  ReadPort<Void> ended() {
    return ended.readPort();
  }

  // ---- sending

  private void write(Mailbox box, String far) {
    try {
      send(box, far);
    } catch (IOException e) {
      end(new IOException("the link to " + peer + " broke: " + e.getMessage(), e));
    } catch (InterruptedException e) {
      throw new AssertionError("nobody has this thread", e);
    } finally {
      box.close();
      broker.release();
      ended.close();
      atEnd.accept(this);
    }
  }

  private void send(Mailbox box, String far) throws IOException, InterruptedException {
    try {
      for (Frame frame = outgoing.take(); frame != null; frame = outgoing.take()) {
        Letter letter = letter(frame);
        if (!mayLeave.acquire()) {
          break;
        }
        box.send(far, letter);
      }
      sayFarewell(box, far, Letter.close(""));
      end(null);
    } catch (Unsendable e) {
      sayFarewell(box, far, e.farewell);
      end(because(e.farewell, e.farewell.words()));
    }
  }

  private Letter letter(Frame frame) throws Unsendable {
    Letter letter;
    try {
      letter = Letter.data(frame);
    } catch (CharacterCodingException _) {
      throw new Unsendable(Letter.close("a text has half a surrogate pair, which has no UTF-8"));
    }
    int most = broker.options().frameBytes();
    if (letter.body().length > most) {
      throw new Unsendable(
          Letter.tooLong(
              "a frame of %d bytes is longer than %d".formatted(letter.body().length, most)));
    }
    return letter;
  }

  /** A frame that this link cannot carry. */
  private static final class Unsendable extends Exception {
    private static final long serialVersionUID = 1;

    /** What the peer is told of it. */
    final transient Letter farewell;

    Unsendable(Letter farewell) {
      this.farewell = farewell;
    }
  }

  /** The peer learns that there is no more, unless it knows or cannot be told. */
  private void sayFarewell(Mailbox box, String far, Letter last)
      throws IOException, InterruptedException {
    Letter wrong = verdict;
    if (!over.get() || wrong != null) {
      box.send(far, wrong == null ? last : wrong);
      box.awaitConfirmed(CLOSE_TIMEOUT);
    }
  }

  // ---- receiving, called by the mailbox

  @Override
  public void arrived(Mailbox box, Letter letter, long tag) {
    switch (letter.kind()) {
      case DATA, CLOSE, TOO_LONG -> {
        int size = letter.body().length;
        int most = broker.options().frameBytes();
        if (size > most) {
          violated(
              Letter::tooLong, "a frame of %d bytes came; the limit is %d".formatted(size, most));
          return;
        }
        if (letter.kind() != Letter.Kind.DATA) {
          farewell = true;
          accepted.close(closing(letter));
        }
        if (!arrivals.add(letter, tag)) {
          violated("more than %d frames came without credit".formatted(window));
        }
      }
      case CREDIT -> {
        box.acknowledge(tag, false);
        if (!mayLeave.taken(letter.count())) {
          violated("credit for %d frames, more than were sent".formatted(letter.count()));
        }
      }
      case ACCEPT -> {
        box.acknowledge(tag, false);
        mayLeave.open(letter.count());
        accepted.offer(Objects.requireNonNull(letter.from(), "checked by the letter"));
      }
      case OPEN -> {
        box.acknowledge(tag, false);
        violated("an opening came to a link");
      }
      case LOST -> throw new AssertionError("the mailbox keeps those");
    }
  }

  private void read(Mailbox box, String far) {
    try {
      arrivals.handOn(box, far, last -> end(last.body().length == 0 ? null : closing(last)));
    } catch (ProtocolException e) {
      violated(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      end(new IOException("the link to " + peer + " broke: " + e.getMessage(), e));
    } catch (InterruptedException e) {
      throw new AssertionError("nobody has this thread", e);
    }
  }

  private IOException closing(Letter last) {
    return because(last, peer + " closed the link: " + last.words());
  }

  /** Why the link is down after a last word: whether another would do depends on its kind. */
  private static IOException because(Letter last, String words) {
    return last.kind() == Letter.Kind.TOO_LONG
        ? new FrameTooLongException(words)
        : new IOException(words);
  }

  @Override
  public void nonsense(String why) {
    violated(why + " came");
  }

  @Override
  public void undeliverable(String why) {
    if (!farewell) {
      end(new IOException("nobody is there, a letter came back: " + why));
    }
  }

  @Override
  public void lost(String why) {
    end(new IOException("the broker at " + broker.address() + " is lost: " + why));
  }

  private void violated(String how) {
    violated(Letter::close, how);
  }

  private void violated(Function<String, Letter> farewell, String how) {
    Letter last = farewell.apply("the link's rules are broken: " + how);
    verdict = last;
    end(because(last, peer + " broke the link's rules: " + how));
  }

  // ---- the end

  /** What has arrived can still be taken. */
  private void end(@Nullable IOException cause) {
    if (!over.compareAndSet(false, true)) {
      return;
    }
    arrivals.end(cause);
    if (cause == null) {
      accepted.close();
    } else {
      accepted.close(cause);
    }
    outgoing.cancel();
    mayLeave.close();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      outgoing.close();
      arrivals.cancel();
      Thread.ofVirtual().name("closing " + peer).start(this::endUnlessEnded);
    }
  }

  /** What was put leaves, unless the peer has no room for it. */
  private void endUnlessEnded() {
    try {
      ended.poll(CLOSE_TIMEOUT);
    } catch (InterruptedException e) {
      throw new AssertionError("nobody has this thread", e);
    }
    end(null);
  }

  @Override
  public String toString() {
    return "link to " + peer;
  }
}
