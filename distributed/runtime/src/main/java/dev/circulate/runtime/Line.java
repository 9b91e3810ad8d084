package dev.circulate.runtime;

import dev.circulate.internal.Uncaught;
import dev.circulate.runtime.codec.PacketCodec;
import dev.circulate.runtime.session.Packet;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One link in the life of a session; compared by identity. */
final class Line {
  private final Link link;
  private final @Nullable Packet greeting;
  private final boolean greetsFirst;
  private volatile boolean open;

  /**
   * A link that begins to serve the session.
   *
   * @param greeting what is to be said on it first; null if that was done
   */
  Line(Link link, @Nullable Packet greeting) {
    this(link, greeting, true);
    this.open = true;
  }

  private Line(Link link, @Nullable Packet greeting, boolean greetsFirst) {
    this.link = link;
    this.greeting = greeting;
    this.greetsFirst = greetsFirst;
  }

  /** A link on which nothing is said before the peer has said hello and was admitted. */
  static Line held(Link link, Packet greeting) {
    return new Line(link, greeting, false);
  }

  /** A link on which nothing but the greeting is said before that. */
  static Line greeting(Link link, Packet greeting) {
    return new Line(link, greeting, true);
  }

  /** Whether the first word can be said. */
  boolean mayBeGreeted() {
    return greetsFirst || open;
  }

  /** Whether there can be said something but a first and a last word. */
  boolean isOpen() {
    return open;
  }

  void open() {
    open = true;
  }

  Link link() {
    return link;
  }

  /** Says a packet over a link alone, in the encoding that all peers read; whether it was taken. */
  static boolean say(Link link, Packet packet, Duration patience) throws InterruptedException {
    return link.outgoing().offer(frame(packet), patience);
  }

  /** The same without waiting. */
  static boolean say(Link link, Packet packet) {
    return link.outgoing().offer(frame(packet));
  }

  private static Frame frame(Packet packet) {
    return new Frame.Text(PacketCodec.write(packet));
  }

  /** Takes the link down. */
  void close() {
    close(link);
  }

  /** Takes a link down; whoever goes on without it does so though that fails. */
  static void close(Link link) {
    try {
      link.close();
    } catch (Throwable e) {
      Uncaught.report("the link to " + link.peer() + ", which is closed", e);
    }
  }

  @Nullable Packet greeting() {
    return greeting;
  }
}
