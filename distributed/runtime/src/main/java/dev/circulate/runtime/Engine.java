package dev.circulate.runtime;

import dev.circulate.Buffer;
import dev.circulate.ChannelFailedException;
import dev.circulate.Deadline;
import dev.circulate.PeerLostException;
import dev.circulate.WritePort;
import dev.circulate.internal.GoBlock;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.Time;
import dev.circulate.runtime.codec.Codec;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.Handlers;
import dev.circulate.runtime.codec.Incoming;
import dev.circulate.runtime.codec.Outgoing;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.ProtocolException;
import dev.circulate.runtime.session.Session;
import dev.circulate.service.Origin;
import dev.circulate.service.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The shell around one session: a link, a clock, the tables, and two go blocks.
 *
 * <p><b>Out.</b> Whoever has something to say puts it into a queue that many fill and one drains.
 * The writer takes what is there, up to {@link #MOST_IN_A_BATCH}, and sends it as one frame: frames
 * grow when there is much to say and a single message waits for nobody. When the queue is empty it
 * parks, and says so first, so that a message that comes in between finds somebody to wake.
 *
 * <p><b>In.</b> The reader takes a frame, and does what its messages say, one after the other.
 * Nothing that it does waits, so a slow channel holds up no other and no heartbeat.
 *
 * <p><b>The end.</b> Whoever notices it first (the link, the clock, a violation, the program) ends
 * the session, once: the tables are emptied, every proxy closes, every waiting reply channel fails.
 */
final class Engine implements Voice {
  private static final int MOST_IN_A_BATCH = 64;

  /** How long a link is kept for the last words. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Link link;
  private final Limits limits;
  private final Handlers handlers;
  private final FrameCodec frames;
  private final String name;
  private final Tables tables;
  private final Outgoing check;
  private final Incoming incoming;
  private final Origin.Remote origin;
  private final WritePort<Request> remoteRoot;
  private final LocalChannel<Void> ready;
  private final LocalChannel<Void> ended;
  private final LocalChannel<Void> farewellSaid;
  private final AtomicBoolean over = new AtomicBoolean();
  private final MessagePassingQueue<Message> outbox = new MpscUnboundedVarHandleArrayQueue<>(128);

  /** Guarded by itself. */
  private final Session session;

  private volatile @Nullable Thread writer;
  private volatile boolean writerIdle;

  /**
   * What to say at the end, if the link is still there; set before {@link #over}. The first reason
   * counts: what the peer says of names that a close here has just forgotten is no violation.
   */
  private final AtomicReference<Packet.@Nullable Bye> farewell = new AtomicReference<>();

  Engine(Link link, String name, WritePort<Request> root, Limits limits, Codec codec) {
    this.handlers = codec.handlers();
    this.frames = new FrameCodec(link, codec, limits.frame());
    this.link = link;
    this.name = name;
    this.limits = limits;
    this.tables = new Tables(this, link.peer(), limits);
    this.check =
        new Outgoing(limits.frame().depth(), handlers, _ -> new Reference("", Rights.ALL, false));
    this.incoming = new Incoming(limits.frame().depth(), handlers, tables::resolve);
    this.origin = new Origin.Remote(link.peer(), null);
    this.session =
        new Session(limits.beat().toNanos(), limits.silence().toNanos(), Time.current().nanoTime());
    this.ready = signal("hello of " + link.peer());
    this.ended = signal("end of " + link.peer());
    this.farewellSaid = signal("farewell to " + link.peer());
    tables.exportRoot(root);
    @SuppressWarnings("unchecked") // the peer's root takes requests
    WritePort<Request> far = (WritePort<Request>) tables.resolveRoot();
    this.remoteRoot = far;
  }

  private static LocalChannel<Void> signal(String name) {
    return LocalChannel.open(new Buffer.Rendezvous(), name, null);
  }

  /** Begins to talk. */
  void start() {
    GoBlock.start("writer to " + link.peer(), this::write);
    GoBlock.start("reader from " + link.peer(), this::read);
    watchClock();
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
    return link.peer();
  }

  // ---- out

  @Override
  public void say(Message message) {
    if (over.get()) {
      return;
    }
    outbox.offer(message);
    if (writerIdle) {
      LockSupport.unpark(writer);
    }
  }

  private @Nullable Void write() throws InterruptedException {
    writer = Thread.currentThread();
    sendNow(new Packet.Hello(Session.VERSION, name, frames.offers()));
    List<Message> batch = new ArrayList<>();
    while (!over.get() || !outbox.isEmpty()) {
      outbox.drain(batch::add, MOST_IN_A_BATCH);
      if (!batch.isEmpty()) {
        Packet packet;
        synchronized (session) {
          packet = session.batch(List.copyOf(batch), Time.current().nanoTime());
        }
        batch.clear();
        sendNow(packet);
      } else if (beatIsDue()) {
        sendNow(new Packet.Beat());
      } else {
        idle();
      }
    }
    sayFarewell();
    return null;
  }

  private void sendNow(Packet packet) throws InterruptedException {
    try {
      for (Frame frame : frames.write(packet)) {
        put(frame);
      }
    } catch (CodecException e) {
      end("what is said here cannot be sent: " + e.getMessage());
    }
  }

  private void put(Frame frame) throws InterruptedException {
    if (!link.outgoing().put(frame)) {
      end("the link to " + link.peer() + " is down");
    }
  }

  private void idle() {
    writerIdle = true;
    if (outbox.isEmpty() && !over.get()) {
      Time.current().parkUntil(this, Time.after(limits.beat()));
    }
    writerIdle = false;
  }

  private boolean beatIsDue() {
    long now = Time.current().nanoTime();
    synchronized (session) {
      boolean due = session.due(now) == Session.Due.BEAT;
      if (due) {
        session.said(now);
      }
      return due;
    }
  }

  @Override
  public Parcel pack(Object value) {
    List<Parcel.Named> named = new ArrayList<>(0);
    return pack(
        named,
        new Outgoing(limits.frame().depth(), handlers, port -> tables.give(port, named)),
        outgoing -> outgoing.body(value));
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a channel is itself and no other
  public Parcel pack(Request request) {
    Object reply = request.replyTo();
    List<Parcel.Named> named = new ArrayList<>(1);
    return pack(
        named,
        new Outgoing(
            limits.frame().depth(),
            handlers,
            port -> port == reply ? tables.giveReply(port, named) : tables.give(port, named)),
        outgoing -> outgoing.message(request.message()));
  }

  /** Packs all or nothing: what was named before something could not be sent is taken back. */
  private static Parcel pack(
      List<Parcel.Named> named, Outgoing outgoing, Function<Outgoing, Object> body) {
    try {
      return new Parcel(body.apply(outgoing), named);
    } catch (RuntimeException e) {
      named.forEach(Parcel.Named::dropped);
      throw e;
    }
  }

  @Override
  public void check(Object value) {
    check.convert(value);
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

  private @Nullable Void read() throws InterruptedException {
    try {
      for (Frame frame = link.incoming().take(); frame != null; frame = link.incoming().take()) {
        for (Packet packet : frames.read(frame, this::put)) {
          hear(packet);
        }
        if (over.get()) {
          return null;
        }
      }
      end("the link to " + link.peer() + " was closed");
    } catch (PeerLostException e) {
      return null; // the session ended while a frame was read
    } catch (ProtocolException | CodecException | ArithmeticException | ClassCastException e) {
      violation(String.valueOf(e.getMessage()));
    } catch (ChannelFailedException e) {
      end("the link to " + link.peer() + " broke: " + e.getCause());
    }
    return null;
  }

  private void hear(Packet packet) {
    List<Message> messages;
    synchronized (session) {
      messages = session.heard(packet, Time.current().nanoTime());
    }
    switch (packet) {
      case Packet.Hello hello -> {
        frames.agree(hello);
        ready.close();
      }
      case Packet.Bye(String code, String sentence) ->
          end(
              code.equals(Packet.Bye.LEAVING)
                  ? "peer " + link.peer() + " has left: " + sentence
                  : "peer " + link.peer() + " ended the session: " + sentence);
      case Packet.Batch _, Packet.Beat _ -> messages.forEach(this::act);
    }
  }

  private void act(Message message) {
    String target = message.target();
    switch (message) {
      case Message.Forward forward -> forward(forward);
      case Message.Take(_, int takers) -> tables.export(target).take(takers);
      case Message.Untake(_, int takers) -> tables.export(target).untake(takers);
      case Message.Home(_, Object body) -> tables.export(target).home(received(body));
      case Message.Close(_, Message.Cause cause) -> tables.export(target).close(cause);
      case Message.Cancel(_, Message.Cause cause) -> tables.export(target).cancel(cause);
      case Message.Release(_, int count) -> tables.release(target, count);
      case Message.Value(_, Object body) -> asking(target).value(received(body));
      case Message.Untaken(_, int takers) -> asking(target).untaken(takers);
      case Message.Credit(_, int puts) -> {
        Import held = tables.imported(target);
        if (held != null) {
          held.sender().credit(puts);
        }
      }
      case Message.Closed(_, Message.Cause cause, boolean drained) -> {
        Import held = tables.imported(target);
        if (held != null) {
          held.closedThere(cause, drained);
        }
      }
    }
  }

  private void forward(Message.Forward forward) {
    Export export = tables.export(forward.target());
    Object value = received(forward.body());
    if (value instanceof Map<?, ?> map && (forward.request() || map.containsKey(Request.COMMAND))) {
      Deadline deadline =
          forward.deadline() < 0
              ? Deadline.none()
              : Deadline.after(Duration.ofMillis(forward.deadline()));
      value = Request.received(map, origin, deadline);
    }
    export.forward(value);
    if (forward.released() > 0) {
      tables.release(forward.target(), forward.released());
    }
  }

  /** A channel that is held here and waits for an answer, which keeps it from being forgotten. */
  private Import asking(String target) {
    Import held = tables.imported(target);
    if (held == null) {
      throw new ProtocolException("nothing was asked of '" + target + "'");
    }
    return held;
  }

  private Object received(Object body) {
    return Objects.requireNonNull(incoming.convert(body), "a body was checked to be there");
  }

  // ---- the end

  private void watchClock() {
    Time.current()
        .schedule(
            Time.after(limits.beat()),
            () -> {
              Session.Due due;
              synchronized (session) {
                due = session.due(Time.current().nanoTime());
              }
              if (due == Session.Due.SILENCE && !frames.isOfTheSilentKind()) {
                GoBlock.start(
                    "end of " + link.peer(),
                    () -> {
                      end("peer " + link.peer() + " was silent for " + limits.silence());
                      return null;
                    });
              } else if (!over.get()) {
                watchClock();
              }
            });
  }

  private void violation(String sentence) {
    farewell.compareAndSet(null, new Packet.Bye(Packet.Bye.VIOLATION, sentence));
    end("peer " + link.peer() + " broke the protocol: " + sentence);
  }

  /** Leaves in order: what was said before is sent. */
  void leave() {
    if (!over.get()) {
      farewell.compareAndSet(null, new Packet.Bye(Packet.Bye.LEAVING, "closed by " + name));
      end("the session with " + link.peer() + " was closed here");
    }
  }

  private void end(String why) {
    if (!over.compareAndSet(false, true)) {
      return;
    }
    synchronized (session) {
      session.end();
    }
    PeerLostException lost = new PeerLostException(link.peer(), why);
    tables.lose(lost);
    ready.close(lost);
    ended.close(lost);
    LockSupport.unpark(writer);
    Time.current().schedule(Time.after(PATIENCE), link::close);
  }

  /**
   * The writer's last words, for which it waits no longer than a peer that does not read deserves.
   */
  private void sayFarewell() throws InterruptedException {
    Packet.Bye bye = farewell.get();
    if (bye != null) {
      for (Frame frame : frames.write(bye)) {
        link.outgoing().offer(frame, PATIENCE);
      }
    }
    link.close();
    farewellSaid.close();
  }

  /** Waits until the last word is with the link, for as long as that may take. */
  void awaitFarewell() throws InterruptedException {
    farewellSaid.poll(PATIENCE);
  }
}
