package dev.circulate.runtime;

import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hands links to a server, of which the test is the other end. */
final class Doorbell implements Transport {
  private final AtomicReference<@Nullable Consumer<? super Link>> door = new AtomicReference<>();

  ScriptedLink ring() {
    ScriptedLink link = new ScriptedLink();
    ring(link);
    return link;
  }

  void ring(Link link) {
    Objects.requireNonNull(door.get(), "the server listens").accept(link);
  }

  @Override
  public Set<String> schemes() {
    return Set.of("scripted");
  }

  @Override
  public Link connect(URI uri) throws IOException {
    throw new IOException("nobody is called");
  }

  @Override
  public Listener listen(URI uri, Consumer<? super Link> accept) {
    door.set(accept);
    return new Listener() {
      @Override
      public URI uri() {
        return uri;
      }

      @Override
      public void close() {}
    };
  }
}
