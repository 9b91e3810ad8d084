package dev.circulate.runtime;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Links in memory that a test cuts, and a network that it takes away. */
final class Cuttable implements Transport {
  private final Transport memory = new MemoryTransport();
  private final Queue<MemoryLink> links = new ConcurrentLinkedQueue<>();
  private final AtomicInteger made = new AtomicInteger();
  private volatile boolean down;

  @Override
  public Set<String> schemes() {
    return memory.schemes();
  }

  @Override
  public Link connect(URI uri) throws IOException, InterruptedException {
    if (down) {
      throw new IOException("the network is down");
    }
    MemoryLink link = (MemoryLink) memory.connect(uri);
    links.add(link);
    made.incrementAndGet();
    return link;
  }

  @Override
  public Listener listen(URI uri, Consumer<? super Link> accept) throws IOException {
    return memory.listen(uri, accept);
  }

  /** How many links were made. */
  int made() {
    return made.get();
  }

  /** Cuts every link that is there, and none that comes because of that. */
  void cut() {
    List<MemoryLink> there = List.copyOf(links);
    links.removeAll(there);
    there.forEach(MemoryLink::cut);
  }

  /** Cuts every link and lets no other come. */
  void down() {
    down = true;
    cut();
  }

  /** Lets links come again. */
  void up() {
    down = false;
  }
}
