package dev.circulate.runtime;

import java.io.IOException;
import java.net.URI;
import java.util.Set;

/**
 * Opens the registry in which the nodes that listen at addresses of one kind find each other; found
 * by the scheme of a URI, as a {@link Transport} is.
 *
 * <p>An implementation is registered as a service of this type ({@code java.util.ServiceLoader}),
 * has a public constructor without arguments, and is safe for use by several threads.
 */
public interface RegistryProvider {
  /** The schemes that it serves, in lower case. */
  Set<String> schemes();

  /**
   * The name of the node that listens at an address.
   *
   * @param uri the address, as {@link Transport.Listener#uri()} tells it
   * @throws IOException if it is no address of a node; the message says why
   */
  String node(URI uri) throws IOException;

  /**
   * Opens the registry of the nodes with such addresses.
   *
   * @param uri the address of one of them, or of what they all meet at
   * @throws IOException if that cannot be reached; the message names the URI and says why
   * @throws InterruptedException if interrupted while waiting; nothing is open then
   */
  Registry open(URI uri) throws IOException, InterruptedException;
}
