package dev.circulate.rabbitmq;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The wire between this process and a broker: a proxy that counts the methods that cross it, holds
 * up what the broker says, loses some of it, and cuts.
 */
final class Wire implements AutoCloseable {
  /** What crosses, as AMQP numbers classes and their methods. */
  enum Method {
    CHANNEL_OPEN(20, 10),
    EXCHANGE_DECLARED(40, 11),
    PUBLISH(60, 40),
    DELIVER(60, 60),
    /** Of a delivery from this process, of a publication from the broker. */
    ACK(60, 80),
    /** Of a publication from the broker. */
    NACK(60, 120);

    final int number;

    Method(int group, int number) {
      this.number = group << Short.SIZE | number;
    }
  }

  /** Which way. */
  enum To {
    BROKER,
    US
  }

  private record Crossing(To to, int method) {}

  private static final int STANDARD_PORT = 5672;
  private static final int PROTOCOL_HEADER = 8;
  private static final int METHOD_FRAME = 1;

  private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final URI broker;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Map<Crossing, Integer> crossed = new ConcurrentHashMap<>();

  private final AtomicInteger accepted = new AtomicInteger();

  /** Guarded by this. */
  private boolean held;

  private volatile boolean away;

  /** What of the broker's is lost. */
  private final Set<Integer> dropped = ConcurrentHashMap.newKeySet();

  /** What is done before the broker is heard. */
  private final Map<Integer, Runnable> before = new ConcurrentHashMap<>();

  Wire(URI broker) throws IOException {
    this.broker = broker;
    Thread.ofVirtual().start(this::accept);
  }

  /** The broker by way of this, without a node. */
  URI uri() {
    return URI.create("amqp://127.0.0.1:" + door.getLocalPort());
  }

  /** How many crossed so far. */
  int crossed(Method method, To to) {
    return crossed.getOrDefault(new Crossing(to, method.number), 0);
  }

  /** How many connections there were so far. */
  int accepted() {
    return accepted.get();
  }

  /** Holds up what the broker says, or no longer. */
  synchronized void hold(boolean held) {
    this.held = held;
    notifyAll();
  }

  /** Loses what the broker says with a method, from now on. */
  void drop(Method method) {
    dropped.add(method.number);
  }

  /** Has something done each time before a method of the broker's comes through. */
  void before(Method method, Runnable task) {
    before.put(method.number, task);
  }

  /** Cuts every connection, and what is held up is lost. */
  void cut() {
    open.forEach(Wire::end);
    hold(false);
  }

  /** Cuts, and lets nobody in until told that the broker is back. */
  void away(boolean away) {
    this.away = away;
    if (away) {
      cut();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = door.accept();
        if (away) {
          end(client);
          continue;
        }
        int port = broker.getPort() < 0 ? STANDARD_PORT : broker.getPort();
        Socket server = new Socket(broker.getHost(), port);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        open.add(client);
        open.add(server);
        accepted.incrementAndGet();
        Thread.ofVirtual().start(() -> copy(client, server, To.BROKER));
        Thread.ofVirtual().start(() -> copy(server, client, To.US));
      }
    } catch (IOException _) {
      // closed, or the broker is gone
    }
  }

  private void copy(Socket from, Socket to, To direction) {
    try (from;
        to) {
      DataInputStream in = new DataInputStream(from.getInputStream());
      DataOutputStream out = new DataOutputStream(to.getOutputStream());
      if (direction == To.BROKER) {
        out.write(in.readNBytes(PROTOCOL_HEADER));
      }
      while (true) {
        byte[] head = in.readNBytes(7);
        if (head.length < 7) {
          return;
        }
        byte[] rest = in.readNBytes(ByteBuffer.wrap(head).getInt(3) + 1);
        pass(direction);
        int method = method(head, rest);
        if (direction == To.US) {
          before.getOrDefault(method, () -> {}).run();
        }
        if (direction == To.US && dropped.contains(method)) {
          continue;
        }
        out.write(ByteBuffer.allocate(head.length + rest.length).put(head).put(rest).array());
        crossed.merge(new Crossing(direction, method), 1, Integer::sum);
      }
    } catch (IOException | InterruptedException _) {
      // cut
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  /** The number of a method; 0 for any other frame. */
  private static int method(byte[] head, byte[] rest) {
    return head[0] == METHOD_FRAME ? ByteBuffer.wrap(rest).getInt() : 0;
  }

  private synchronized void pass(To direction) throws InterruptedException {
    while (held && direction == To.US) {
      wait();
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // it was closed already
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    cut();
  }
}
