package dev.circulate.runtime;

import static dev.circulate.Csp.chan;

import dev.circulate.Channel;
import java.net.URI;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/** A network on which the test is the other end of each link, one after the other. */
final class Switchboard implements Transport {
  private final Channel<Link> links = chan(8);

  /** A link that comes next. */
  ScriptedLink next() throws InterruptedException {
    ScriptedLink link = new ScriptedLink();
    next(link);
    return link;
  }

  /** This link comes next. */
  void next(Link link) throws InterruptedException {
    links.put(link);
  }

  @Override
  public Set<String> schemes() {
    return Set.of("scripted");
  }

  @Override
  public Link connect(URI uri) throws InterruptedException {
    return Objects.requireNonNull(links.take());
  }

  @Override
  public Listener listen(URI uri, Consumer<? super Link> accept) {
    throw new UnsupportedOperationException("nobody listens");
  }
}
