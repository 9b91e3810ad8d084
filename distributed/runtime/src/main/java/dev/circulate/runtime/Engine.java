package dev.circulate.runtime;

import dev.circulate.Buffer;
import dev.circulate.ChannelFailedException;
import dev.circulate.PeerLostException;
import dev.circulate.WritePort;
import dev.circulate.internal.GoBlock;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.Time;
import dev.circulate.runtime.codec.Codec;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.Incoming;
import dev.circulate.runtime.session.FrameLostException;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.ProtocolException;
import dev.circulate.runtime.session.Session;
import dev.circulate.service.Origin;
import dev.circulate.service.Request;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The shell around one session: a line, a clock, the tables, the {@link Writer}, and a reader for
 * each line.
 *
 * <p><b>In.</b> The reader takes a frame, and does what its messages say, one after the other.
 * Nothing that it does waits, so a slow channel holds up no other and no heartbeat. What is heard
 * is heard under {@link #hearing}, and from the present line only: what a former line's reader
 * still does is done before the present one's begins.
 *
 * <p><b>Another line.</b> When the line breaks and the session can be resumed, {@link #line} is
 * null and everything else stays as it is, for as long as the limits allow; the {@link Comeback}
 * brings another link, on which the writer first repeats what the peer may not have. A line is set
 * and taken away by compare-and-set, so it breaks once.
 *
 * <p><b>The end.</b> Whoever notices it first (the link, the clock, a violation, the program) ends
 * the session, once: the tables are emptied, every proxy closes, every waiting reply channel fails.
 */
final class Engine implements Voice {
  private final String name;
  private final String peer;
  private final Limits limits;
  private final Comeback comeback;
  private final FrameCodec frames;
  private final Tables tables;
  private final Packer packer;
  private final Dispatcher dispatcher;
  private final Writer writer;
  private final WritePort<Request> remoteRoot;
  private final LocalChannel<Void> ready;
  private final LocalChannel<Void> ended;
  private final LocalChannel<Void> farewellSaid;
  private final AtomicBoolean over = new AtomicBoolean();
  private final ReentrantLock hearing = new ReentrantLock();

  /** Guarded by itself. */
  private final Session session;

  /** What the peers talk over; null while there is none. */
  private final AtomicReference<@Nullable Line> line;

  /** The line that the grace runs for, if there is no other. */
  private volatile @Nullable Line lastBroken;

  /**
   * What to say at the end, if there is a line; set before {@link #over}. The first reason counts:
   * what the peer says of names that a close here has just forgotten is no violation.
   */
  private final AtomicReference<Packet.@Nullable Bye> farewell = new AtomicReference<>();

  Engine(
      Link link,
      String name,
      WritePort<Request> root,
      Limits limits,
      Codec codec,
      Comeback comeback) {
    this.name = name;
    this.peer = link.peer();
    this.limits = limits;
    this.comeback = comeback;
    this.frames = new FrameCodec(link, codec, limits.frame());
    this.tables = new Tables(this, peer, limits);
    int depth = limits.frame().depth();
    this.packer = new Packer(tables, depth, codec.handlers());
    this.dispatcher =
        new Dispatcher(
            tables,
            new Incoming(depth, codec.handlers(), tables::resolve),
            new Origin.Remote(peer, null));
    String offered = comeback.offer();
    this.session =
        new Session(
            new Session.Terms(
                limits.beat().toNanos(), limits.silence().toNanos(), limits.unacked()),
            offered,
            now());
    this.writer = new Writer(this, session, frames, limits.beat());
    this.line =
        new AtomicReference<>(
            new Line(link, new Packet.Hello(Session.VERSION, name, frames.offers(), offered)));
    this.ready = signal("hello of " + peer);
    this.ended = signal("end of " + peer);
    this.farewellSaid = signal("farewell to " + peer);
    tables.exportRoot(root);
    @SuppressWarnings("unchecked") // the peer's root takes requests
    WritePort<Request> far = (WritePort<Request>) tables.resolveRoot();
    this.remoteRoot = far;
  }

  private static LocalChannel<Void> signal(String name) {
    return LocalChannel.open(new Buffer.Rendezvous(), name, null);
  }

  private static long now() {
    return Time.current().nanoTime();
  }

  /** Begins to talk. */
  void start() {
    comeback.joined(this);
    writer.start();
    Line first = line.get();
    if (first != null) {
      listenTo(first);
    }
    watchClock();
  }

  private void listenTo(Line heard) {
    GoBlock.start("reader from " + peer, () -> read(heard));
  }

  WritePort<Request> remoteRoot() {
    return remoteRoot;
  }

  /** Closes when the peer has said hello. */
  LocalChannel<Void> ready() {
    return ready;
  }

  /** Closes with the reason when the session has ended. */
  LocalChannel<Void> ended() {
    return ended;
  }

  Peer.Held held() {
    return tables.held();
  }

  String peer() {
    return peer;
  }

  // ---- out

  @Override
  public void say(Message message) {
    if (!over.get()) {
      writer.say(message);
    }
  }

  /** Puts a frame on a line; waits while the peer does not keep up. */
  void put(Line present, Frame frame) throws InterruptedException {
    if (!present.link().outgoing().put(frame)) {
      broke(present, "is down");
    }
  }

  @Override
  public Parcel pack(Object value) {
    return packer.pack(value);
  }

  @Override
  public Parcel pack(Request request) {
    return packer.pack(request);
  }

  @Override
  public void check(Object value) {
    packer.check(value);
  }

  @Override
  public int window() {
    return limits.window();
  }

  @Override
  public void forget(Import forgotten) {
    tables.forget(forgotten);
  }

  // ---- in

  private @Nullable Void read(Line heard) throws InterruptedException {
    try {
      for (Frame frame : heard.link().incoming()) {
        for (Packet packet : frames.read(frame, answer -> put(heard, answer))) {
          if (packet instanceof Packet.Resume resume && isOpening()) {
            comeback.resume(this, heard, resume);
            return null;
          }
          hear(heard, packet, frame.length());
        }
      }
      broke(heard, "was closed");
    } catch (PeerLostException e) {
      return null; // the session ended while a frame was read
    } catch (FrameLostException e) {
      broke(heard, "lost something: " + e.getMessage());
    } catch (ProtocolException | CodecException | ArithmeticException | ClassCastException e) {
      if (line.get() == heard) {
        violation(String.valueOf(e.getMessage()));
      }
    } catch (ChannelFailedException e) {
      broke(heard, "broke: " + e.getCause());
    }
    return null;
  }

  private void hear(Line heard, Packet packet, int size) {
    hearing.lock();
    try {
      if (line.get() != heard || over.get()) {
        return;
      }
      List<Message> messages;
      boolean owesAck;
      synchronized (session) {
        messages = session.heard(packet, size, now());
        owesAck = session.owesAck();
      }
      switch (packet) {
        case Packet.Hello hello -> {
          frames.agree(hello);
          ready.close();
        }
        case Packet.Bye(String code, String sentence) ->
            end(
                code.equals(Packet.Bye.LEAVING)
                    ? "peer " + peer + " has left: " + sentence
                    : "peer " + peer + " ended the session: " + sentence);
        default -> messages.forEach(dispatcher::act);
      }
      writer.heard(owesAck);
    } finally {
      hearing.unlock();
    }
  }

  private boolean isOpening() {
    synchronized (session) {
      return session.state() == Session.State.OPENING;
    }
  }

  // ---- lines

  /** The last batch that was received. */
  long received() {
    synchronized (session) {
      return session.received();
    }
  }

  /** Whether it would go on with another link. */
  boolean isResumable() {
    synchronized (session) {
      return session.isResumable();
    }
  }

  /** What the peers talk over; null while there is no link. */
  @Nullable Line line() {
    return line.get();
  }

  boolean isOver() {
    return over.get();
  }

  private void broke(Line broken, String how) {
    if (over.get() || !line.compareAndSet(broken, null)) {
      return;
    }
    lastBroken = broken;
    broken.link().close();
    String why = "the link to " + peer + " " + how;
    String resumable;
    synchronized (session) {
      resumable = session.isResumable() ? session.name() : null;
    }
    if (resumable == null || limits.grace().isZero() || !comeback.begin(this, resumable)) {
      end(why);
      return;
    }
    Time.current()
        .schedule(
            Time.after(limits.grace()),
            () ->
                GoBlock.start(
                    "end of " + peer,
                    () -> {
                      if (lastBroken == broken && line.get() == null) {
                        end(why + ", and no other came within " + limits.grace());
                      }
                      return null;
                    }));
  }

  /** Goes on with a link on which the peer has agreed to; closes it if the session is over. */
  void goOn(Link link, Packet.Resumed agreed) {
    goOn(link, agreed.received(), () -> null);
  }

  /** Goes on with a link on which the peer asks for that. */
  void goOn(Link link, Packet.Resume asked) {
    goOn(link, asked.received(), () -> new Packet.Resumed(received()));
  }

  private void goOn(Link link, long confirmed, Supplier<@Nullable Packet> greeting) {
    hearing.lock();
    try {
      synchronized (session) {
        session.resumed(confirmed, now());
      }
      Line next = new Line(link, greeting.get());
      Line former = line.getAndSet(next);
      if (former != null) {
        former.link().close();
      }
      listenTo(next);
      writer.wake();
    } finally {
      hearing.unlock();
    }
    if (over.get()) {
      link.close();
    }
  }

  /**
   * Ends this session, which has not begun yet, since its link is meant for another.
   *
   * @return whether it will say no more on the link
   */
  boolean giveUp(Line given) throws InterruptedException {
    if (!line.compareAndSet(given, null)) {
      return false;
    }
    end("the link to " + peer + " is meant for another session");
    awaitFarewell();
    return farewellSaid.isClosed();
  }

  // ---- the end

  private void watchClock() {
    Time.current()
        .schedule(
            Time.after(limits.beat()),
            () -> {
              Line present = line.get();
              if (over.get()) {
                return;
              }
              if (present != null && isSilent()) {
                GoBlock.start("end of " + peer, () -> silent(present));
              }
              watchClock();
            });
  }

  private boolean isSilent() {
    synchronized (session) {
      return session.due(now()) == Session.Due.SILENCE && !frames.isOfTheSilentKind();
    }
  }

  private @Nullable Void silent(Line present) {
    broke(present, "is dead: peer " + peer + " was silent for " + limits.silence());
    return null;
  }

  /** Ends the session because the peer did what it must not. */
  void violation(String sentence) {
    farewell.compareAndSet(null, new Packet.Bye(Packet.Bye.VIOLATION, sentence));
    end("peer " + peer + " broke the protocol: " + sentence);
  }

  /** Ends the session before it has begun. */
  void refuse(String code, String sentence) {
    farewell.compareAndSet(null, new Packet.Bye(code, sentence));
    end("peer " + peer + " was refused: " + sentence);
  }

  /** Leaves in order: what was said before is sent. */
  void leave() {
    if (!over.get()) {
      farewell.compareAndSet(null, new Packet.Bye(Packet.Bye.LEAVING, "closed by " + name));
      end("the session with " + peer + " was closed here");
    }
  }

  /** Ends the session, for the reason that is given first. */
  void end(String why) {
    if (!over.compareAndSet(false, true)) {
      return;
    }
    synchronized (session) {
      session.end();
    }
    PeerLostException lost = new PeerLostException(peer, why);
    tables.lose(lost);
    ready.close(lost);
    ended.close(lost);
    writer.wake();
    Line last = line.get();
    if (last != null) {
      Time.current().schedule(Time.after(Writer.PATIENCE), last.link()::close);
    }
  }

  /**
   * The writer's last words, for which it waits no longer than a peer that does not read deserves.
   */
  void sayFarewell() throws InterruptedException {
    Line last = line.get();
    if (last != null) {
      Packet.Bye bye = farewell.get();
      if (bye != null) {
        for (Frame frame : frames.write(bye)) {
          last.link().outgoing().offer(frame, Writer.PATIENCE);
        }
      }
      last.link().close();
    }
    farewellSaid.close();
  }

  /** Waits until the last word is with the link, for as long as that may take. */
  void awaitFarewell() throws InterruptedException {
    farewellSaid.poll(Writer.PATIENCE);
  }
}
