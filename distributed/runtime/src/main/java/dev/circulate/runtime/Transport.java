package dev.circulate.runtime;

import java.io.IOException;
import java.net.URI;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Makes links of one kind; found by the scheme of a URI.
 *
 * <p>An implementation is registered as a service of this type ({@code java.util.ServiceLoader}),
 * has a public constructor without arguments, and is safe for use by several threads.
 */
public interface Transport {
  /** The schemes that it serves, in lower case, such as {@code ws} and {@code wss}. */
  Set<String> schemes();

  /**
   * Makes a link to whoever listens at {@code uri}, waiting until it is up.
   *
   * @param uri where to
   * @throws IOException if there is nobody, or it refuses; the message names the URI and says why
   * @throws InterruptedException if interrupted while waiting; there is no link then
   */
  Link connect(URI uri) throws IOException, InterruptedException;

  /**
   * Accepts links at {@code uri} until the listener is closed.
   *
   * @param uri where; port 0 takes a free one
   * @param accept called with each new link, in a virtual thread of its own
   * @throws IOException if that is not possible, for example because the port is taken; the message
   *     names the URI and says why
   */
  Listener listen(URI uri, Consumer<? super Link> accept) throws IOException;

  /** Accepts links until it is closed. */
  interface Listener extends AutoCloseable {
    /** Where it listens, with the port that it really has. */
    URI uri();

    /** Accepts no more and takes its links down in order. */
    @Override
    void close();
  }
}
