package dev.circulate.runtime;

import dev.circulate.internal.Quota;
import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.ProtocolException;
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

  /** For a link that was just accepted. */
  Comeback forNewcomer() {
    return new Awaited(Secrets.next());
  }

  private boolean mayWait(Engine engine) {
    long size = engine.unconfirmedSize();
    synchronized (waiting) {
      if (waiting.size() >= limits.waiting() || waitingSize + size > limits.waitingSize()) {
        return false;
      }
      waiting.put(engine, size);
      waitingSize += size;
    }
    if (engine.isOver()) { // then nobody else may take it out
      waitsNoLonger(engine);
      return false;
    }
    return true;
  }

  private void waitsNoLonger(Engine engine) {
    synchronized (waiting) {
      Long size = waiting.remove(engine);
      waitingSize -= size == null ? 0 : size;
    }
  }

  private final class Awaited implements Comeback {
    private final String name;

    Awaited(String name) {
      this.name = name;
    }

    @Override
    public String offer() {
      return name;
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
    public void resume(Engine newcomer, Line line, Packet.Resume resume)
        throws InterruptedException {
      Engine meant = named.get(resume.session());
      if (meant == null || !meant.isResumable()) {
        newcomer.refuse(
            Packet.Bye.UNKNOWN_SESSION, "the session is over, or was never one of this server's");
        return;
      }
      if (!newcomer.giveUp(line)) {
        line.link().close();
        return;
      }
      waitsNoLonger(meant);
      try {
        meant.goOn(line.link(), resume);
      } catch (ProtocolException e) {
        line.link().close();
        meant.violation(String.valueOf(e.getMessage()));
      }
    }
  }
}
