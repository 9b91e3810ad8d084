package dev.circulate.runtime;

import java.net.URI;
import java.util.Set;

/** Discovery within one process, where a node can only be taken off the list. */
class DirectoryTest extends DiscoveryContract {
  private final Directory directory = new Directory();

  @Override
  protected Discovery discovery() {
    return directory;
  }

  @Override
  protected Node start(String name, Set<String> services) {
    directory.announce(
        new Discovery.Offer(name, URI.create("ws://" + name + ".example/csp"), services));
    return new Node() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void leave() {
        directory.leave(name);
      }
    };
  }
}
