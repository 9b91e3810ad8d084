package dev.circulate.runtime;

import dev.circulate.internal.GoBlock;
import dev.circulate.internal.Quota;
import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.ProtocolException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of those who connected here, by the secret names under which they come back.
 *
 * <p>Every new link begins with a session of its own. If the first word on it names another, it is
 * taken from the one and given to the other, whose former link, if it still seems to be there, is
 * forgotten: whoever made it knows better. So many sessions at most wait for their peers to come
 * back, and keep no more than so much for them; beyond that, a broken link ends its session.
 */
final class Sessions {
  private final ServerLimits limits;
  private final Rate beginning;
  private final Quota seats;
  private final Map<String, Engine> named = new ConcurrentHashMap<>();

  /** How much each session keeps that waits; guarded by itself, and so is {@link #waitingSize}. */
  private final Map<Engine, Long> waiting = new HashMap<>();

  private long waitingSize;

  Sessions(ServerLimits limits) {
    this.limits = limits;
    this.beginning = new Rate(limits.newSessions());
    this.seats = new Quota(limits.sessions());
  }

  static String full(ServerLimits limits) {
    return "this server has " + limits.sessions() + " sessions, which is its limit";
  }

  /**
   * For a link that was just accepted.
   *
   * @param grace how long its session waits for another if it breaks; zero for not at all
   */
  Comeback forNewcomer(Duration grace) {
    return grace.isZero() ? new Passing() : new Awaited(Secrets.next());
  }

  private boolean mayWait(Engine engine) {
    synchronized (waiting) {
      waitsNoLonger(engine); // for the line before
      if (waiting.size() < limits.waiting() && keep(engine) && waits(engine)) {
        return true;
      }
      waitsNoLonger(engine);
      return engine.line() != null; // its peer came back meanwhile
    }
  }

  /** Notes how much a session keeps that waits; answers whether that is within the limit. */
  private boolean keep(Engine engine) {
    long size = engine.keptSize();
    Long before = waiting.put(engine, size);
    waitingSize += size - (before == null ? 0 : before);
    return waitingSize <= limits.waitingSize();
  }

  /** Whether it still does: who ends that sees to it that it is taken out, before or after. */
  private static boolean waits(Engine engine) {
    return engine.line() == null && !engine.isOver();
  }

  private void waitsNoLonger(Engine engine) {
    synchronized (waiting) {
      Long size = waiting.remove(engine);
      waitingSize -= size == null ? 0 : size;
    }
  }

  /** It has another line, unless that is gone as well. */
  private void cameBack(Engine engine) {
    synchronized (waiting) {
      if (!waits(engine)) {
        waitsNoLonger(engine);
      }
    }
  }

  private void keepsMore(Engine engine) {
    synchronized (waiting) {
      if (!waiting.containsKey(engine) || keep(engine) || !waits(engine)) {
        return;
      }
      waitsNoLonger(engine);
    }
    GoBlock.background(
        "end of " + engine.peer(),
        () -> engine.end("more is kept for peers that do not come back than this server's limit"));
  }

  /** A session that counts as any other, and ends with its link. */
  private class Passing implements Comeback {
    @Override
    public @Nullable String offer() {
      return null;
    }

    @Override
    public boolean begin(Engine engine, String session) {
      return false;
    }

    @Override
    public @Nullable String refusal(Engine engine) {
      if (!beginning.take()) {
        return "this server begins " + limits.newSessions() + " sessions a second, and no more";
      }
      if (!seats.enter()) {
        return full(limits);
      }
      engine.ended().onClose(seats::leave);
      return null;
    }
  }

  private final class Awaited extends Passing {
    private final String name;

    Awaited(String name) {
      this.name = name;
    }

    @Override
    public String offer() {
      return name;
    }

    @Override
    public void joined(Engine engine) {
      named.put(name, engine);
      engine
          .ended()
          .onClose(
              () -> {
                named.remove(name);
                waitsNoLonger(engine);
              });
    }

    @Override
    public boolean begin(Engine engine, String session) {
      return mayWait(engine);
    }

    @Override
    public void grew(Engine engine) {
      keepsMore(engine);
    }

    @Override
    public void resume(Engine newcomer, Line line, Packet.Resume resume)
        throws InterruptedException {
      Engine meant = named.get(resume.session());
      if (meant == null || !meant.isResumable()) {
        newcomer.refuse(
            Packet.Bye.UNKNOWN_SESSION, "the session is over, or was never one of this server's");
        return;
      }
      if (!newcomer.giveUp(line)) {
        line.close();
        return;
      }
      try {
        meant.goOn(line.link(), resume);
        cameBack(meant);
      } catch (ProtocolException e) {
        String words = Parting.shortened(String.valueOf(e.getMessage()));
        meant.violation(words);
        Packet.Bye bye = new Packet.Bye(Packet.Bye.VIOLATION, words, 0);
        boolean _ = Line.say(line.link(), bye, Writer.PATIENCE);
        line.close();
      }
    }
  }
}
