package dev.circulate.runtime;

import dev.circulate.ChannelFailedException;
import dev.circulate.internal.GoBlock;
import dev.circulate.internal.Pending;
import dev.circulate.internal.Time;
import dev.circulate.internal.Uncaught;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.PacketCodec;
import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.ProtocolException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Makes another link to where the first one led: at once, then ever more slowly, for as long as the
 * session waits for it. One that breaks sooner than the next would have been tried, and over which
 * nothing came, counts as none: there may be something on the way that breaks each by what is said
 * again.
 */
final class Redial implements Comeback {
  private final Transport transport;
  private final URI uri;
  private final Limits limits;

  /** Between links that bring nothing; as what is below, of the block that makes another link. */
  private final Pauses brief = new Pauses();

  /** When the last other link was made; null before there was one. */
  private @Nullable Long made;

  /** How far either side had heard the other by then. */
  private long received;

  private long confirmed;

  Redial(Transport transport, URI uri, Limits limits) {
    this.transport = transport;
    this.uri = uri;
    this.limits = limits;
  }

  @Override
  public String offer() {
    return "";
  }

  @Override
  public boolean begin(Engine engine, String session) {
    GoBlock.background(
        "another link to " + Addresses.withoutUser(uri), () -> redial(engine, session));
    return true;
  }

  private void redial(Engine engine, String session) throws InterruptedException {
    Pauses pauses = new Pauses();
    Duration pause = owed(engine);
    while (isWantedAfter(pause, engine) && !isResumed(engine, session)) {
      pause = pauses.next();
    }
  }

  /** How long to wait since the last link brought nothing, and broke too soon. */
  private Duration owed(Engine engine) {
    if (made != null && engine.received() == received) {
      Duration lasted = Duration.ofNanos(Time.current().nanoTime() - made);
      if (lasted.compareTo(brief.coming()) < 0) {
        return brief.next().minus(lasted);
      }
    }
    brief.beginAgain();
    return Duration.ZERO;
  }

  private static boolean isWantedAfter(Duration pause, Engine engine) throws InterruptedException {
    try {
      engine.ended().poll(pause);
      return true;
    } catch (ChannelFailedException _) {
      return false;
    }
  }

  /** Makes one try; answers whether no other is needed. */
  private boolean isResumed(Engine engine, String session) throws InterruptedException {
    Link link = connected();
    if (link == null) {
      return false;
    }
    try {
      switch (answer(engine, link, session)) {
        case null -> {
          Line.close(link);
          return false;
        }
        case Packet.Resumed resumed -> {
          remember(engine, resumed); // before it can break
          engine.goOn(link, resumed);
        }
        case Packet.Bye(String code, _, _) when code.equals(Packet.Bye.OVERLOADED) -> {
          Line.close(link);
          return false;
        }
        case Packet.Bye(_, String sentence, _) -> {
          Line.close(link);
          String words = Parting.shortened(sentence);
          engine.end("peer " + engine.peer() + " did not resume the session: " + words);
        }
        case Packet other ->
            throw new ProtocolException(
                "a resume is not answered by a " + other.getClass().getSimpleName());
      }
    } catch (ProtocolException | CodecException e) {
      String words = Parting.shortened(String.valueOf(e.getMessage()));
      engine.end("peer " + engine.peer() + " broke the protocol: " + words);
      boolean _ = Line.say(link, new Packet.Bye(Packet.Bye.VIOLATION, words, 0), Writer.PATIENCE);
      Line.close(link);
    }
    return true;
  }

  private void remember(Engine engine, Packet.Resumed resumed) {
    if (resumed.received() != confirmed) {
      brief.beginAgain();
    }
    confirmed = resumed.received();
    received = engine.received();
    made = Time.current().nanoTime();
  }

  /** Another link; null if there is none, for whatever reason: there may be the next time. */
  private @Nullable Link connected() throws InterruptedException {
    try {
      return transport.connect(uri);
    } catch (InterruptedException e) {
      throw e;
    } catch (IOException _) {
      return null;
    } catch (Throwable e) {
      Uncaught.report("another link to " + Addresses.withoutUser(uri), e);
      return null;
    }
  }

  /**
   * What the other side says, after its hello; null if it says nothing, the link fails, or the
   * session is over, and with it the link.
   */
  private @Nullable Packet answer(Engine engine, Link link, String session)
      throws InterruptedException {
    Pending watch = engine.ended().onClose(() -> Line.close(link));
    try {
      if (!Line.say(link, new Packet.Resume(session, engine.received()), limits.hello())) {
        return null;
      }
      Packet first = next(link);
      return first instanceof Packet.Hello ? next(link) : first;
    } catch (InterruptedException | ProtocolException | CodecException e) {
      throw e;
    } catch (ChannelFailedException _) {
      return null;
    } catch (Throwable e) {
      Uncaught.report("another link to " + Addresses.withoutUser(uri), e);
      return null;
    } finally {
      watch.withdraw();
    }
  }

  private @Nullable Packet next(Link link) throws InterruptedException {
    return switch (link.incoming().poll(limits.hello())) {
      case null -> null;
      case Frame.Text(String text) -> PacketCodec.read(text, limits.frame());
      case Frame.Binary _ -> throw new ProtocolException("a link begins with text");
    };
  }
}
