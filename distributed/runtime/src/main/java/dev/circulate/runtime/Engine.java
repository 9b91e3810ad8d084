package dev.circulate.runtime;

import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.PeerLostException;
import dev.circulate.WritePort;
import dev.circulate.internal.GoBlock;
import dev.circulate.internal.Keepers;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.Pending;
import dev.circulate.internal.Time;
import dev.circulate.internal.Uncaught;
import dev.circulate.internal.Words;
import dev.circulate.runtime.codec.Encoding;
import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.Session;
import dev.circulate.service.Request;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The shell around one {@link Conversation}: a line, and what is around it, the {@link Writer}, the
 * {@link Reader}, the {@link SilenceWatch}, and the {@link Parting}.
 *
 * <p><b>Another line.</b> When the line breaks and the session can be resumed, {@link #line} is
 * empty and everything else stays as it is, for as long as the limits allow; the {@link Comeback}
 * brings another link, on which the writer first repeats what the peer may not have.
 *
 * <p><b>The end.</b> Whoever notices it first (the link, the clock, a violation, the program) ends
 * the session, once: the tables are emptied, every proxy closes, every waiting reply channel fails.
 * The writer says the rest and the last word, waits for the peer's, and tells what may not have
 * arrived.
 */
final class Engine {
  /** How long to wait for a line before looking whether it was given up. */
  private static final Duration LOOK = Duration.ofMillis(100);

  private final String name;
  private final String peer;
  private final Limits limits;
  private final Comeback comeback;
  private final Admission admission;
  private final FrameCodec frames;
  private final Conversation conversation;
  private final Writer writer;
  private final LocalChannel<Void> ready;
  private final LocalChannel<Void> ended;
  private final Parting parting;
  private final Reader reader;
  private final SilenceWatch silence;
  private final Grace grace;
  private final AtomicBoolean ending = new AtomicBoolean();

  /** Whether nothing is done any more of what the peer asks; not before {@link #ending}. */
  private volatile boolean over;

  /** Guarded by itself. */
  private final Session session;

  /** What the peers talk over. */
  private final PresentLine line;

  Engine(Link link, Terms terms, Comeback comeback) {
    this.name = terms.name();
    this.peer = link.peer();
    this.limits = terms.limits();
    this.comeback = comeback;
    this.admission = new Admission(peer, terms.authenticator());
    this.frames =
        new FrameCodec(
            link.carriesBytes() ? terms.codec().encoding() : Encoding.JSON, limits.frame());
    this.session = new Session(limits.session(), comeback.offer(), now());
    Packet.Hello hello = session.hello(name, frames.offers(), terms.shown());
    this.line = new PresentLine(peer, first(link, hello, terms));
    this.ready = signal("hello of " + peer);
    this.ended = signal("end of " + peer);
    this.parting = new Parting(peer);
    this.grace = new Grace(limits.grace(), peer);
    this.silence =
        new SilenceWatch(session, limits.beat(), this::mayBeSilent, line::get, this::silent);
    this.conversation =
        new Conversation(
            session, peer, terms, this::somethingToSay, Secrets::next, this::runInBlock);
    this.writer = new Writer(this, conversation, session, frames, parting, limits.beat());
    this.reader = new Reader(this, comeback, admission, frames, conversation, writer);
  }

  private Line first(Link link, Packet.Hello hello, Terms terms) {
    if (speaksSecond(terms)) {
      return Line.held(link, hello);
    }
    return terms.authenticator() == null ? new Line(link, hello) : Line.greeting(link, hello);
  }

  /**
   * Whether our hello waits for the peer's: when that has to prove something first, and when the
   * link was accepted. Then whoever made it knows, when it hears our hello, that the session is one
   * that can be resumed.
   */
  private boolean speaksSecond(Terms terms) {
    String offered = comeback.offer();
    return terms.waitsForProof() || (offered != null && !offered.isEmpty());
  }

  private void runInBlock(Runnable task) {
    GoBlock.background("program's code for " + peer, task::run);
  }

  private void somethingToSay() {
    writer.somethingToSay();
    if (line.get() == null) {
      comeback.grew(this);
    }
  }

  private static LocalChannel<Void> signal(String name) {
    return LocalChannel.open(new Buffer.Rendezvous(), name, null);
  }

  private static long now() {
    return Time.current().nanoTime();
  }

  /** Begins to talk. */
  void start() {
    Keepers.enter(conversation.tables());
    comeback.joined(this);
    Time.Timer patience = Time.current().schedule(Time.after(limits.hello()), this::expectHello);
    ready.onClose(patience::cancel);
    writer.start();
    Line first = line.get();
    if (first != null) {
      reader.listenTo(first);
    }
    silence.watch();
  }

  private void expectHello() {
    if (isOpening()) {
      GoBlock.background("end of " + peer, this::endUnlessBegun);
    }
  }

  private void endUnlessBegun() {
    if (!isOpening()) {
      return;
    }
    if (admission.isAsked()) {
      refuse(Packet.Bye.INTERNAL, "it was not found out in time who you are");
    } else {
      end("peer " + peer + " said nothing for " + limits.hello());
    }
  }

  /** The peer has said hello. */
  void begun() {
    line.tell(new LinkEvent.Connected());
    ready.close();
    writer.wake();
  }

  WritePort<Request> remoteRoot() {
    return conversation.remoteRoot();
  }

  /** Closes when the peer has said hello. */
  LocalChannel<Void> ready() {
    return ready;
  }

  /** Closes with the reason when the session has ended. */
  LocalChannel<Void> ended() {
    return ended;
  }

  /** What becomes of the link from now on, after what is the case now. */
  Channel<LinkEvent> linkEvents() {
    return line.watch();
  }

  Peer.Held held() {
    return conversation.tables().held();
  }

  String peer() {
    return peer;
  }

  /** Who the peer has proven to be; null if nobody asked, or not yet. */
  @Nullable String identity() {
    return admission.identity();
  }

  Limits limits() {
    return limits;
  }

  // ---- out

  /**
   * Puts a frame on a line; waits while the peer does not keep up, but not on a line that was given
   * up, where nobody may ever take it. A line that is down loses it, and breaks when its reader has
   * heard what came before: that may be why.
   */
  void put(Line present, Frame frame) throws InterruptedException {
    WritePort<Frame> outgoing = present.link().outgoing();
    boolean put;
    do {
      put = outgoing.offer(frame, LOOK);
    } while (!put && isPresent(present) && !outgoing.isClosed());
  }

  /** Whether the peers talk over this line. */
  @SuppressWarnings("ReferenceEquality") // a line is itself and no other
  boolean isPresent(Line given) {
    return line.get() == given;
  }

  boolean isOpening() {
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

  /** How much is kept for the peer, in characters or bytes; an estimate. */
  long keptSize() {
    return conversation.keptSize();
  }

  /** What the peers talk over; null while there is no link. */
  @Nullable Line line() {
    return line.get();
  }

  boolean isOver() {
    return over;
  }

  void broke(Line broken, String how) {
    String why = "the link to " + peer + " " + how;
    String resumable;
    synchronized (session) {
      resumable = session.isResumable() && !limits.grace().isZero() ? session.name() : null;
    }
    if (!(resumable == null ? line.drop(broken) : line.cut(broken, why))) {
      return;
    }
    broken.close();
    if (over) {
      parting.peerIsDone();
      writer.wake();
      return;
    }
    if (resumable == null || !comeback.begin(this, resumable)) {
      end(why);
      return;
    }
    grace.begin(
        () -> !over && line.isLast(broken),
        () -> end(why + ", and no other came within " + limits.grace()));
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
    reader.unheard(
        () -> {
          synchronized (session) {
            session.resumed(confirmed, now());
          }
          grace.end(); // before the next line can break
          Line next = new Line(link, greeting.get());
          Line former = line.replaceBy(next);
          if (former != null) {
            former.close();
          }
          reader.listenTo(next);
          writer.wake();
        });
    if (over) {
      parting.closeOnceSaid(link, writer::wake);
    }
  }

  /**
   * Ends this session, which has not begun yet, since its link is meant for another.
   *
   * @return whether it will say no more on the link
   */
  boolean giveUp(Line given) throws InterruptedException {
    if (!line.drop(given)) {
      return false;
    }
    end("the link to " + peer + " is meant for another session");
    awaitFarewell(Writer.PATIENCE);
    return parting.isSaid();
  }

  // ---- the end

  /** The peer has said that it says no more. */
  void heardLast(Packet.Bye bye) {
    parting.peerIsDone();
    writer.wake();
    if (!frames.isDialect()) {
      parting.because(Packet.Bye.LEAVING, "so be it");
    }
    String words = Parting.shortened(bye.sentence());
    end(
        bye.code().equals(Packet.Bye.LEAVING)
            ? "peer " + peer + " has left: " + words
            : "peer " + peer + " ended the session: " + words);
  }

  /** Whether the peer knows no beat, or has to wait until it is found out who it is. */
  private boolean mayBeSilent() {
    return frames.isDialect() || (admission.isAsked() && isOpening());
  }

  private void silent(Line present, Duration patience) {
    GoBlock.background(
        "end of " + peer,
        () -> broke(present, "is dead: peer " + peer + " was silent for " + patience));
  }

  /** Ends the session because the peer did what it must not. */
  void violation(String sentence) {
    String words = Parting.shortened(sentence);
    parting.because(Packet.Bye.VIOLATION, words);
    end("peer " + peer + " broke the protocol: " + words);
    hearNoMore();
  }

  /** Ends the session because this side can't go on: what it has begun is half done. */
  void failed(Throwable failure) {
    Uncaught.report("the session with " + peer, failure);
    parting.because(Packet.Bye.INTERNAL, "this side failed");
    end("the session with " + peer + " failed here: " + Words.of(failure));
    hearNoMore();
  }

  /** Ends the session because this side has something to say that no frame can carry. */
  void unsayable(String why) {
    parting.because(Packet.Bye.INTERNAL, "what is to be said to you cannot be sent");
    end("what is said here cannot be sent: " + why);
  }

  private void hearNoMore() {
    parting.deaf();
    writer.wake();
  }

  /** Ends the session, or lets none begin, though the peer broke no rule of the protocol. */
  void refuse(String code, String sentence) {
    parting.because(code, sentence);
    end("peer " + peer + " was refused: " + sentence);
  }

  /**
   * Refuses new requests, waits until no call is under way, leaves, and waits shortly until the
   * peer is told.
   *
   * @return whether every call had ended
   */
  boolean leave(Duration patience) throws InterruptedException {
    boolean finished = finish(patience);
    awaitFarewell(Writer.PATIENCE); // the last answers are still to be sent
    return finished;
  }

  /** The same, but does not wait until the peer is told. */
  boolean finish(Duration patience) throws InterruptedException {
    refuseRequests();
    LocalChannel<Void> idle = signal("calls with " + peer);
    Pending watch = ended.onClose(idle::close);
    conversation.tables().calls().whenNone(idle::close);
    try {
      idle.poll(patience);
      return idle.isClosed();
    } finally {
      watch.withdraw();
      leave();
    }
  }

  void refuseRequests() {
    conversation.refuseRequests(name + " is leaving");
  }

  boolean isLeaving() {
    return conversation.refusesRequests();
  }

  /** Leaves in order: what was said before is sent. */
  void leave() {
    if (!over) {
      parting.because(Packet.Bye.LEAVING, "closed by " + name);
      end("the session with " + peer + " was closed here");
    }
  }

  /** Ends the session, for the reason that is given first. */
  void end(String why) {
    if (!ending.compareAndSet(false, true)) {
      return;
    }
    PeerLostException lost = new PeerLostException(peer, why);
    try {
      reader.soonUnheard(() -> conversation.end(lost));
    } finally {
      over = true; // not before: the last word tells how far was heard
    }
    ready.close(lost);
    ended.close(lost);
    line.tell(new LinkEvent.Lost(lost));
    writer.wake();
    silence.stop();
    grace.end();
    Line last = line.get();
    if (last != null) {
      parting.closeOnceSaid(last.link(), writer::wake);
    }
  }

  /** Whether the peer hears what is said. */
  boolean isHeard() {
    Line present = line.get();
    return present != null
        && present.isOpen()
        && !present.link().outgoing().isClosed()
        && !parting.isPeerDone();
  }

  /** Whether the peer has proven who it is, if that is demanded. */
  boolean isAdmitted() {
    return admission.isGranted();
  }

  /** Waits until the last word is with the link. */
  void awaitFarewell(Duration patience) throws InterruptedException {
    parting.awaitSaid(patience);
  }
}
