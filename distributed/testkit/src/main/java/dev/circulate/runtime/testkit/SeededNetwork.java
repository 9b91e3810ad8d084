package dev.circulate.runtime.testkit;

import dev.circulate.runtime.Link;
import dev.circulate.runtime.Transport;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A network for tests that loses, delays, doubles and reorders frames and cuts links: a transport
 * around another, which does so to every link that is made through it, in both directions.
 *
 * {@snippet :
 * Seed.drawn().run(seed -> {
 *   Transport network = SeededNetwork.over(new MemoryTransport(), Faults.ROUGH, seed);
 *   try (Server server = Server.at(HERE).root(root).limits(limits).start();
 *       Peer peer = Peer.to(HERE).transport(network).limits(limits).connect()) {
 *     // whatever the program promises, it keeps
 *   }
 * });
 * }
 *
 * <p><b>The seed.</b> What becomes of a frame depends on the seed, on how many links were made
 * before its own, on its direction and on how many frames were sent before it: the same seed gives
 * the same decisions. Which message is in which frame is up to the threads of the program. The
 * first two frames of each direction meet no fault, since a session that has not begun cannot go
 * on: it is begun again.
 *
 * <p><b>The other side</b> needs nothing of it; {@link #listen} is the other transport's. A lost
 * frame is noticed by the frame after it, at the latest by the next heartbeat: give the peers
 * {@link dev.circulate.runtime.Limits} with a short beat. <b>Threads.</b> Every method may be
 * called by any thread. Delays follow the clock in force, also one that a test moves.
 */
public final class SeededNetwork implements Transport {
  private final Transport network;
  private final Faults faults;
  private final Seed seed;
  private final AtomicLong made = new AtomicLong();
  private final Set<SeededLink> links = ConcurrentHashMap.newKeySet();
  private volatile boolean down;

  private SeededNetwork(Transport network, Faults faults, Seed seed) {
    this.network = network;
    this.faults = faults;
    this.seed = seed;
  }

  /**
   * A network that is bad by a seed.
   *
   * @param network what moves the frames that arrive
   * @param faults how bad
   * @param seed which of the networks that are as bad
   */
  public static SeededNetwork over(Transport network, Faults faults, Seed seed) {
    return new SeededNetwork(network, faults, seed);
  }

  @Override
  public Set<String> schemes() {
    return network.schemes();
  }

  @Override
  public Link connect(URI uri) throws IOException, InterruptedException {
    if (down) {
      throw new IOException("there is no way to '" + uri + "': the test took the network down");
    }
    Link link = network.connect(uri);
    long number = made.getAndIncrement();
    SeededLink seeded =
        new SeededLink(
            link,
            new Course(faults, seed, number, true),
            new Course(faults, seed, number, false),
            "link " + number + " of the network with " + seed);
    links.add(seeded);
    seeded.start(() -> links.remove(seeded));
    if (down) {
      seeded.cut();
    }
    return seeded;
  }

  @Override
  public Listener listen(URI uri, Consumer<? super Link> accept) throws IOException {
    return network.listen(uri, accept);
  }

  /** How many links were made. */
  public long made() {
    return made.get();
  }

  /** Cuts every link that is there; what is on its way over them is lost. */
  public void cut() {
    links.forEach(SeededLink::cut);
  }

  /** Cuts every link and lets no other come. */
  public void down() {
    down = true;
    cut();
  }

  /** Lets links come again. */
  public void up() {
    down = false;
  }

  @Override
  public String toString() {
    return "the network with " + seed + " and " + faults;
  }
}
