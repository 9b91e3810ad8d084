package dev.circulate.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;

/** Passes the bytes of one TCP connection on to a server, until it is cut. */
final class Relay implements AutoCloseable {
  private final ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final Socket server;
  private volatile Socket client = new Socket();

  /** What one says when its own connection ends is not passed on to the other. */
  private volatile boolean over;

  Relay(URI target) throws IOException {
    server = new Socket(target.getHost(), target.getPort());
    Thread.ofVirtual().start(this::run);
  }

  /** The target's URI, by way of this relay. */
  URI to(URI target) {
    return URI.create("ws://127.0.0.1:" + door.getLocalPort() + target.getPath());
  }

  private void run() {
    try {
      client = door.accept();
      Thread.ofVirtual().start(() -> copy(server, client));
      copy(client, server);
    } catch (IOException _) {
      // closed before anybody came
    }
  }

  private void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[8_192];
      for (int read = in.read(bytes); read >= 0 && !over; read = in.read(bytes)) {
        out.write(bytes, 0, read);
      }
    } catch (IOException _) {
      // cut
    }
  }

  /** Resets both connections, as a machine does whose process was killed. */
  void reset() throws IOException {
    over = true;
    for (Socket each : new Socket[] {client, server}) {
      each.setOption(StandardSocketOptions.SO_LINGER, 0);
      each.close();
    }
  }

  /** Ends both connections without a WebSocket close. */
  void end() throws IOException {
    over = true;
    client.close();
    server.close();
  }

  @Override
  public void close() throws IOException {
    door.close();
    end();
  }
}
