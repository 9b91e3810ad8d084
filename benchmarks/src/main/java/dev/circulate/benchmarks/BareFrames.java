package dev.circulate.benchmarks;

import static java.util.Objects.requireNonNull;

import dev.circulate.runtime.codec.Encoding;
import dev.circulate.runtime.codec.FrameLimits;
import dev.circulate.runtime.codec.Name;
import dev.circulate.runtime.codec.PacketCodec;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * No library of calls, but many callers: the least that our questions and answers cost, written and
 * read as our frames are, over the WebSockets that ours talks over.
 *
 * <p>What callers ask at the same time shares a frame, as with ours. There is no channel, no go
 * block for a question, no name that nobody can guess, no deadline that is kept and no service that
 * is looked up; nothing is counted, acknowledged or said again.
 */
final class BareFrames implements RemotePeer, WebSocket.Listener {
  private static final Name COMMAND = Name.keyword("_cmd");
  private static final Name VALUE = Name.keyword("value");
  private static final Name RETURN = Name.keyword("_return");

  /** Makes a name as long as one of ours. */
  private static final String PREFIX = "0".repeat(16);

  private static final class Call {
    final Thread caller = Thread.currentThread();
    volatile @Nullable Integer answer;
  }

  private final Encoding encoding;
  private final Map<String, Call> calls = new ConcurrentHashMap<>();
  private final Queue<Message> unsaid = new ConcurrentLinkedQueue<>();
  private final AtomicLong names = new AtomicLong();
  private final Thread writer = Thread.ofVirtual().unstarted(this::write);
  private final StringBuilder text = new StringBuilder();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private volatile boolean idle;

  /** Why no answer comes any more; null while they do. */
  private volatile @Nullable String over;

  private @Nullable WebSocket socket;

  private BareFrames(Encoding encoding) {
    this.encoding = encoding;
  }

  /** Answers each number with the one after. Public for Jetty alone. */
  public static final class Incrementing implements Session.Listener.AutoDemanding {
    private @Nullable Session session;
    private long number;

    @Override
    public void onWebSocketOpen(Session session) {
      this.session = session;
    }

    @Override
    public void onWebSocketText(String frame) {
      Packet.Batch answers = answers(PacketCodec.read(frame, FrameLimits.DEFAULTS));
      requireNonNull(session).sendText(PacketCodec.write(answers), Callback.NOOP);
    }

    @Override
    public void onWebSocketBinary(ByteBuffer frame, Callback read) {
      byte[] bytes = new byte[frame.remaining()];
      frame.get(bytes);
      read.succeed();
      Packet.Batch answers = answers(PacketCodec.read(bytes, FrameLimits.DEFAULTS));
      requireNonNull(session)
          .sendBinary(ByteBuffer.wrap(PacketCodec.writeBytes(answers)), Callback.NOOP);
    }

    private Packet.Batch answers(Packet questions) {
      List<Message> answers = new ArrayList<>();
      for (Message message : ((Packet.Batch) questions).messages()) {
        Map<?, ?> question = (Map<?, ?>) ((Message.Forward) message).body();
        Reference reply = (Reference) requireNonNull(question.get(RETURN));
        long value = (Long) requireNonNull(question.get(VALUE));
        answers.add(new Message.Forward(reply.guid(), Map.of("answer", value + 1), false, -1, 1));
      }
      number++;
      return new Packet.Batch(number, number, answers);
    }
  }

  /** Starts the other side. */
  static RemoteServer serve() throws IOException {
    return BareSocket.serve(Incrementing::new);
  }

  static RemotePeer connect(RemoteLink link, URI uri) throws IOException, InterruptedException {
    BareFrames peer = new BareFrames(link.codec().encoding());
    peer.socket = BareSocket.connect(uri, peer);
    peer.writer.start();
    return peer;
  }

  @Override
  public int plusOne(int value) {
    Call call = new Call();
    String name = PREFIX + HexFormat.of().toHexDigits(names.incrementAndGet());
    calls.put(name, call);
    Map<Object, Object> question = LinkedHashMap.newLinkedHashMap(3);
    question.put(COMMAND, "plus-one");
    question.put(VALUE, value);
    question.put(RETURN, new Reference(name, Rights.PUT, true));
    unsaid.add(new Message.Forward("numbers", question, true, 30_000, 0));
    if (idle) {
      LockSupport.unpark(writer);
    }
    Integer answer = call.answer;
    while (answer == null) {
      if (over != null) {
        throw new IllegalStateException(over);
      }
      LockSupport.park(call);
      answer = call.answer;
    }
    return answer;
  }

  /** Lets all ask who can before it looks what there is, as our writer does. */
  @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it but how many share a frame
  private void write() {
    long number = 0;
    while (true) {
      idle = true;
      if (unsaid.isEmpty()) {
        LockSupport.park(unsaid);
      }
      idle = false;
      Thread.yield();
      List<Message> together = new ArrayList<>();
      for (Message next = unsaid.poll(); next != null; next = unsaid.poll()) {
        together.add(next);
      }
      if (!together.isEmpty()) {
        number++;
        send(new Packet.Batch(number, number, together)).join();
      }
    }
  }

  private CompletableFuture<WebSocket> send(Packet.Batch batch) {
    WebSocket open = requireNonNull(socket);
    return encoding == Encoding.JSON
        ? open.sendText(PacketCodec.write(batch), true)
        : open.sendBinary(ByteBuffer.wrap(PacketCodec.writeBytes(batch)), true);
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      answered(PacketCodec.read(text.toString(), FrameLimits.DEFAULTS));
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean last) {
    byte[] came = new byte[part.remaining()];
    part.get(came);
    bytes.writeBytes(came);
    if (last) {
      answered(PacketCodec.read(bytes.toByteArray(), FrameLimits.DEFAULTS));
      bytes.reset();
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    over("the server closed the connection with status " + status + ": " + reason);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    over("the connection broke: " + error);
  }

  private void over(String why) {
    over = why;
    calls.values().forEach(call -> LockSupport.unpark(call.caller));
  }

  private void answered(Packet answers) {
    for (Message message : ((Packet.Batch) answers).messages()) {
      Message.Forward answer = (Message.Forward) message;
      Call call = requireNonNull(calls.remove(answer.target()));
      call.answer =
          Math.toIntExact((Long) requireNonNull(((Map<?, ?>) answer.body()).get("answer")));
      LockSupport.unpark(call.caller);
    }
  }

  @Override
  public long sent(int values) {
    throw new UnsupportedOperationException("bare frames have no streams");
  }

  @Override
  public long taken(int values) {
    throw new UnsupportedOperationException("bare frames have no streams");
  }

  @Override
  public void close() {
    requireNonNull(socket).abort();
  }
}
