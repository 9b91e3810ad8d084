package dev.circulate.browser;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes the bytes of TCP connections on to a server, and cuts them when told to. */
public final class Relay implements AutoCloseable {
  private final URI target;
  private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private final AtomicInteger accepted = new AtomicInteger();

  /** Whether those who come are turned away. */
  private volatile boolean shut;

  /**
   * Begins to pass on.
   *
   * @param target where to
   */
  public Relay(URI target) throws IOException {
    this.target = target;
    Thread.ofVirtual().start(this::run);
  }

  /** The target's URI, by way of this relay. */
  public URI uri() {
    return URI.create("ws://127.0.0.1:" + door.getLocalPort() + target.getPath());
  }

  /** How many connections were passed on until now. */
  public int accepted() {
    return accepted.get();
  }

  private void run() {
    try {
      while (!door.isClosed()) {
        Socket client = door.accept();
        if (shut) {
          client.close();
        } else {
          accepted.incrementAndGet();
          Socket server = new Socket(target.getHost(), target.getPort());
          sockets.addAll(List.of(client, server));
          Thread.ofVirtual().start(() -> copy(server, client));
          Thread.ofVirtual().start(() -> copy(client, server));
        }
      }
    } catch (IOException _) {
      // closed
    }
  }

  private void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      // cut
    }
    end(from);
    end(to);
  }

  private void end(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException _) {
      // then it is
    }
  }

  /** Resets all connections, in the middle of whatever they say. */
  public void cut() {
    for (Socket each : sockets) {
      try {
        each.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException _) {
        // closed meanwhile
      }
      end(each);
    }
  }

  /** Whether to turn away who comes from now on. */
  public void shut(boolean away) {
    shut = away;
  }

  @Override
  public void close() throws IOException {
    door.close();
    cut();
  }
}
