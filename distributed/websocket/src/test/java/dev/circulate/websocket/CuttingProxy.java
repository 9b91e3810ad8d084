package dev.circulate.websocket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes the bytes of any number of TCP connections on to a server, and resets all when told. */
final class CuttingProxy implements AutoCloseable {
  private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final URI target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();

  CuttingProxy(URI target) throws IOException {
    this.target = target;
    Thread.ofVirtual().start(this::accept);
  }

  /** The target's URI, by way of this proxy. */
  URI uri() {
    return URI.create("ws://127.0.0.1:" + door.getLocalPort() + target.getPath());
  }

  /** How many connections were accepted. */
  int accepted() {
    return accepted.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = door.accept();
        accepted.incrementAndGet();
        Socket server = new Socket(target.getHost(), target.getPort());
        open.add(client);
        open.add(server);
        Thread.ofVirtual().start(() -> copy(client, server));
        Thread.ofVirtual().start(() -> copy(server, client));
      }
    } catch (IOException _) {
      // closed, or the server is gone
    }
  }

  private void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      // cut
    }
    reset(from);
    reset(to);
  }

  private void reset(Socket socket) {
    open.remove(socket);
    try (socket) {
      socket.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException _) {
      // it was closed already
    }
  }

  /** Resets every connection that is open. */
  void cut() {
    open.forEach(this::reset);
  }

  @Override
  public void close() throws IOException {
    door.close();
    cut();
  }
}
