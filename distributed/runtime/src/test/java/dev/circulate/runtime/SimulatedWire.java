package dev.circulate.runtime;

import dev.circulate.PeerLostException;
import dev.circulate.runtime.codec.Codec;
import dev.circulate.runtime.codec.FrameLimits;
import dev.circulate.runtime.session.FrameLostException;
import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.Session;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One session between two simulated address spaces, and the bad links that it has. */
final class SimulatedWire {
  /** One side of the session. */
  static final class Side {
    final SimulatedSpace space;
    final Session session;
    final Conversation conversation;
    final FrameCodec codec;

    /** Frames on their way to this side. */
    final Deque<Frame> arriving = new ArrayDeque<>();

    /** The most channels that its tables have held so far. */
    int mostHeld;

    boolean over;

    Side(SimulatedSpace space, String peer, String offer, Codec codec, Random random, long now) {
      this.space = space;
      Limits limits = space.limits();
      this.session = new Session(limits.session(), offer, now);
      this.codec = new FrameCodec(codec.encoding(), FrameLimits.DEFAULTS);
      this.conversation =
          new Conversation(
              session,
              peer,
              new Terms(space.root(), limits, codec, space::undelivered, null, null),
              () -> {},
              () -> Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong()),
              Runnable::run);
    }
  }

  private final Random random;
  private final Side client;
  private final Side server;
  private boolean up;

  SimulatedWire(SimulatedSpace client, SimulatedSpace server, Random random, long now) {
    this.random = random;
    this.client = new Side(client, server.name(), "", codec(), random, now);
    this.server = new Side(server, client.name(), "a secret", codec(), random, now);
    this.up = true;
    send(this.client, hello(this.client));
    send(this.server, hello(this.server));
    // a session that has not begun is simply begun again, so its beginning is not simulated
    hear(this.client, now);
    hear(this.server, now);
    client.connected(this.client);
    server.connected(this.server);
  }

  private Codec codec() {
    return random.nextBoolean() ? Codec.MESSAGE_PACK : Codec.JSON;
  }

  private static Packet hello(Side side) {
    return side.session.hello(side.space.name(), side.codec.offers(), null);
  }

  List<Side> sides() {
    return List.of(client, server);
  }

  Side other(Side side) {
    return side == client ? server : client;
  }

  boolean isOver() {
    return client.over && server.over;
  }

  /** Lets a side say something, if it has something to say. */
  boolean say(Side side, long now) {
    if (!up || side.over) {
      return false;
    }
    Packet packet = side.conversation.next(now);
    if (packet == null) {
      return false;
    }
    int size = send(side, packet);
    if (packet instanceof Packet.Batch) {
      side.conversation.sized(size);
    }
    return true;
  }

  private int send(Side side, Packet packet) {
    int size = 0;
    for (Frame frame : side.codec.write(packet)) {
      side.space.says(frame);
      other(side).arriving.addLast(frame);
      size += frame.length();
    }
    return size;
  }

  /** Lets a side hear the next frame that arrives. */
  boolean hear(Side side, long now) {
    Frame frame = side.arriving.pollFirst();
    if (frame == null) {
      return false;
    }
    if (side.over) {
      return true;
    }
    try {
      for (Packet packet : side.codec.read(frame, _ -> {})) {
        if (packet instanceof Packet.Batch batch) {
          batch.messages().forEach(side.space::hears);
        }
        side.conversation.hear(packet, frame.length(), now);
        if (packet instanceof Packet.Hello hello) {
          side.codec.agree(hello);
        }
      }
    } catch (FrameLostException e) {
      cut();
    }
    return true;
  }

  // ---- what a network does

  /**
   * Loses, doubles or moves a frame.
   *
   * @return whether what arrives is not what would have
   */
  boolean disturb(Side side) {
    List<Frame> before = List.copyOf(side.arriving);
    if (before.isEmpty()) {
      return false;
    }
    List<Frame> frames = new ArrayList<>(before);
    int chosen = random.nextInt(frames.size());
    Frame frame = frames.get(chosen);
    switch (random.nextInt(3)) {
      case 0 -> frames.remove(chosen);
      case 1 -> frames.add(random.nextInt(frames.size() + 1), frame);
      default -> {
        frames.remove(chosen);
        frames.add(random.nextInt(frames.size() + 1), frame);
      }
    }
    side.arriving.clear();
    side.arriving.addAll(frames);
    return !before.equals(List.copyOf(side.arriving));
  }

  void cut() {
    up = false;
    client.arriving.clear();
    server.arriving.clear();
  }

  boolean isUp() {
    return up;
  }

  /**
   * Makes another link, as {@link Redial} and {@link Sessions} do.
   *
   * @return whether there was none
   */
  boolean reconnect(long now) {
    if (up || client.over || server.over) {
      return false;
    }
    long clientHas = client.session.received();
    long serverHas = server.session.received();
    server.session.resumed(clientHas, now);
    client.session.resumed(serverHas, now);
    up = true;
    for (Side side : sides()) {
      side.session.unconfirmed(now).forEach(batch -> send(side, batch));
    }
    return true;
  }

  // ---- the end

  /** One side gives the other up. */
  void end(Side side) {
    if (side.over) {
      return;
    }
    cut();
    side.over = true;
    side.space.disconnected(side);
    side.conversation.end(new PeerLostException(other(side).space.name(), "no link came"));
    side.conversation.fallSilent();
  }

  Peer.@Nullable Held held(Side side) {
    return side.over ? null : side.conversation.tables().held();
  }
}
