package dev.circulate.runtime.dialect;

import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.FrameLimits;
import dev.circulate.runtime.codec.Name;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.codec.TransitCodec;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Translates between the original's frames and this library's packets, for one session.
 *
 * <p>An {@code :ack-forward} is a credit of one. A reply channel is done with after its answer. The
 * original gives no channel back and takes from none of the other side's, so releases and takes
 * have no frame; what it can do with ours is to put. A frame that came before, or is for a channel
 * that is closed or was never given, is acknowledged and dropped: the original would send it back,
 * for ever.
 *
 * <p>Safe for use by a thread that reads and one that writes.
 */
public final class Dialect {
  private static final String ROOT = "root";
  private static final int REMEMBERED = 1024;

  private final FrameLimits limits;
  private final Guids guids = new Guids();

  /** Channels of ours that the peer may put to, as they were given. */
  private final Map<String, Reference> given =
      new HashMap<>(Map.of(ROOT, new Reference(ROOT, Rights.PUT, false)));

  /** Forwards that came and are not accepted yet, by channel. */
  private final Map<String, Queue<String>> accepting = new HashMap<>();

  /** The channels of the forwards that were sent and are not accepted yet. */
  private final Map<String, String> sent = new HashMap<>();

  private final SequencedSet<String> seen = new LinkedHashSet<>();

  /** Of which the peer was told that they are closed, since somebody asked. */
  private List<String> closed = new ArrayList<>();

  private long batches;

  /**
   * The translator of a session.
   *
   * @param limits how large a frame, and a body in it, may be
   */
  public Dialect(FrameLimits limits) {
    this.limits = limits;
  }

  /**
   * What came: what it means, and what is to be said at once.
   *
   * @param packets what it means
   * @param frames what is to be said
   */
  public record Heard(List<Packet> packets, List<String> frames) {}

  /** Whether a frame is the original's. */
  public static boolean isSpokenIn(String text, FrameLimits limits) {
    return TransitCodec.read(text, limits) instanceof Map<?, ?> map
        && map.get(Name.keyword("type")) instanceof Name type
        && switch (type.text()) {
          case "hello" -> !map.containsKey(Name.keyword("version"));
          case "forward", "ack", "ack-forward", "close" -> true;
          case "bye" -> map.containsKey(Name.keyword("guid"));
          default -> false;
        };
  }

  /**
   * Hears a frame.
   *
   * @throws CodecException if it is none of the dialect's
   */
  public synchronized Heard hear(String text) {
    DialectFrame frame = DialectFrame.read(text, limits);
    List<String> frames = new ArrayList<>(2);
    if (frame.guid() != null) {
      frames.add(DialectFrame.ack(frame.guid()));
      if (!remember(frame.guid())) {
        return new Heard(List.of(), frames);
      }
    }
    Packet packet =
        switch (frame.type()) {
          case "forward" -> forward(frame, frames);
          case "ack-forward" -> accepted(frame.requiredTarget());
          case "close" -> closedThere(frame.requiredTarget());
          case "bye" -> new Packet.Bye(Packet.Bye.LEAVING, "it said bye", 0);
          case "hello", "ack" -> null;
          default -> throw new CodecException("no frame is of type '" + frame.type() + "'");
        };
    return new Heard(packet == null ? List.of() : List.of(packet), frames);
  }

  private boolean remember(String guid) {
    if (seen.size() == REMEMBERED) {
      seen.removeFirst();
    }
    return seen.add(guid);
  }

  private @Nullable Packet forward(DialectFrame frame, List<String> frames) {
    String target = frame.requiredTarget();
    Reference mine = given.get(target);
    Object body = Bodies.read(frame.requiredBody(), limits, given);
    if (mine == null || body == null) {
      accept(frame.guid(), frames);
      return null;
    }
    if (mine.reply()) {
      given.remove(target);
      accept(frame.guid(), frames);
      frames.add(DialectFrame.of("close", target, guids.next()));
    } else if (frame.guid() != null) {
      accepting.computeIfAbsent(target, _ -> new ArrayDeque<>()).add(frame.guid());
    }
    return batch(new Message.Forward(target, body, false, -1, mine.reply() ? 1 : 0));
  }

  private void accept(@Nullable String forward, List<String> frames) {
    if (forward != null) {
      frames.add(DialectFrame.of("ack-forward", forward, guids.next()));
    }
  }

  private @Nullable Packet accepted(String forward) {
    String target = sent.remove(forward);
    return target == null ? null : batch(new Message.Credit(target, 1));
  }

  private @Nullable Packet closedThere(String target) {
    sent.values().removeIf(target::equals);
    return given.containsKey(target) ? null : batch(new Message.Closed(target, null, true));
  }

  private Packet batch(Message message) {
    return new Packet.Batch(++batches, 0, List.of(message));
  }

  /** The frames that say a packet; none for what the original has no word for. */
  public synchronized List<String> say(Packet packet) {
    return switch (packet) {
      case Packet.Batch batch -> batch.messages().stream().flatMap(m -> say(m).stream()).toList();
      case Packet.Bye _ -> List.of(DialectFrame.of("bye", null, guids.next()));
      case Packet.Hello _, Packet.Beat _, Packet.Resume _, Packet.Resumed _ -> List.of();
    };
  }

  /**
   * The channels of ours of which the peer was told, since this was asked the last time, that they
   * are closed: it will say nothing of them any more, but for what was read before.
   */
  public synchronized List<String> takeClosed() {
    List<String> taken = closed;
    closed = new ArrayList<>();
    return taken;
  }

  private List<String> say(Message message) {
    String target = message.target();
    return switch (message) {
      case Message.Forward forward -> {
        String guid = guids.next();
        if (forward.released() == 0) { // else nothing is waited for: nobody can put there any more
          sent.put(guid, target);
        }
        yield List.of(
            DialectFrame.forward(target, guid, Bodies.write(forward.body(), this::gives)));
      }
      case Message.Credit(_, int puts) -> credit(target, puts);
      case Message.Closed _ when given.remove(target) != null -> {
        closed.add(target);
        yield withUnaccepted(target, DialectFrame.of("close", target, guids.next()));
      }
      case Message.Release _ -> {
        sent.values().removeIf(target::equals);
        yield List.of();
      }
      default -> List.of();
    };
  }

  private void gives(Reference reference) {
    given.putIfAbsent(reference.guid(), reference);
  }

  private List<String> credit(String target, int puts) {
    List<String> frames = new ArrayList<>(puts);
    Queue<String> waiting = accepting.getOrDefault(target, new ArrayDeque<>());
    for (int i = 0; i < puts && !waiting.isEmpty(); i++) {
      accept(waiting.remove(), frames);
    }
    return frames;
  }

  /** A put that waits for a channel that closes is over. */
  private List<String> withUnaccepted(String target, String close) {
    List<String> frames = new ArrayList<>();
    frames.add(close);
    Queue<String> waiting = accepting.remove(target);
    if (waiting != null) {
      waiting.forEach(forward -> accept(forward, frames));
    }
    return frames;
  }
}
