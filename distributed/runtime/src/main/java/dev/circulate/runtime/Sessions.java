package dev.circulate.runtime;

import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.ProtocolException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sessions of those who connected here, by the secret names under which they come back.
 *
 * <p>Every new link begins with a session of its own. If the first word on it names another, it is
 * taken from the one and given to the other, whose former link, if it still seems to be there, is
 * forgotten: whoever made it knows better. So many sessions at most wait for their peers to come
 * back; beyond that, a broken link ends its session.
 */
final class Sessions {
  private static final int MOST_WAITING = 1_000;

  private final Map<String, Engine> named = new ConcurrentHashMap<>();
  private final Set<Engine> waiting = ConcurrentHashMap.newKeySet();

  /** For a link that was just accepted. */
  Comeback forNewcomer() {
    return new Awaited(Secrets.next());
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
    public void joined(Engine engine) {
      named.put(name, engine);
      engine
          .ended()
          .onClose(
              () -> {
                named.remove(name);
                waiting.remove(engine);
              });
    }

    @Override
    public boolean begin(Engine engine, String session) {
      if (waiting.size() >= MOST_WAITING) {
        return false;
      }
      waiting.add(engine);
      return true;
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
      waiting.remove(meant);
      try {
        meant.goOn(line.link(), resume);
      } catch (ProtocolException e) {
        line.link().close();
        meant.violation(String.valueOf(e.getMessage()));
      }
    }
  }
}
