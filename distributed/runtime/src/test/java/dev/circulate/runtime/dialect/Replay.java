package dev.circulate.runtime.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.runtime.Frame;
import dev.circulate.runtime.MemoryLink;
import dev.circulate.runtime.Peer;
import dev.circulate.runtime.codec.FrameLimits;
import dev.circulate.runtime.codec.Handlers;
import dev.circulate.runtime.codec.Incoming;
import dev.circulate.runtime.codec.Name;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.TransitCodec;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One of the two peers of a recording, played by its frames against a peer of ours, which is the
 * other. Names of channels and frames differ from run to run: those that the recorded other gave
 * are replaced by those that ours gives.
 */
final class Replay implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final MemoryLink.Pair pair = MemoryLink.pair("recorded", "ours");
  private final Map<String, String> ours = new HashMap<>();
  private final List<DialectFrame> unread = new ArrayList<>();
  private final List<String> unacknowledged = new ArrayList<>();
  private final StringBuilder everSaid = new StringBuilder();

  /** What ours says, read at once as the recorded ones did: or both would wait for the other. */
  private final Channel<Frame> came = Csp.chan(Csp.unbounded());

  final Peer peer;

  Replay(Root root) throws InterruptedException {
    peer = Peer.over(pair.far()).root(root).begin();
    Csp.pipe(pair.near().incoming(), came);
    Objects.requireNonNull(came.take()); // our hello, before we know
  }

  /** Plays the caller a of a recording: what ours answers is what b did. */
  void playCaller(String recording) throws InterruptedException {
    for (Recording.Line line : Recording.of(recording).lines()) {
      DialectFrame frame = frame(line.wire());
      if (line.from().equals("a") && !frame.type().startsWith("ack")) {
        say(line.wire());
      } else if (line.from().equals("b") && frame.type().equals("forward")) {
        assertSaid(frame, recording);
      } else if (line.from().equals("b") && frame.type().equals("close")) {
        heard(is("close", mapped(frame.requiredTarget())));
      }
    }
    awaitAcknowledged();
  }

  /** Says everything that a said in a recording, whatever is answered. */
  void sayAll(String recording) throws InterruptedException {
    for (Recording.Line line : Recording.of(recording).lines()) {
      if (line.from().equals("a")) {
        say(line.wire());
      }
    }
  }

  /** Says a recorded frame. */
  void say(String wire) throws InterruptedException {
    DialectFrame frame = frame(wire);
    if (frame.guid() != null) {
      unacknowledged.add(frame.guid());
    }
    everSaid.append(wire);
    put(mapped(wire));
  }

  private void put(String text) throws InterruptedException {
    pair.near().outgoing().put(new Frame.Text(text));
  }

  /** The same with our names. */
  String mapped(String wire) {
    String mapped = wire;
    for (Map.Entry<String, String> guid : ours.entrySet()) {
      mapped = mapped.replace(guid.getKey(), guid.getValue());
    }
    return mapped;
  }

  /** Waits for a frame, whatever comes before it; a forward is acknowledged as it comes. */
  DialectFrame heard(Predicate<DialectFrame> wanted) throws InterruptedException {
    Iterator<DialectFrame> before = unread.iterator();
    while (before.hasNext()) {
      DialectFrame frame = before.next();
      if (wanted.test(frame)) {
        before.remove();
        return frame;
      }
    }
    while (true) {
      DialectFrame frame = next();
      if (wanted.test(frame)) {
        return frame;
      }
      unread.add(frame);
    }
  }

  private DialectFrame next() throws InterruptedException {
    if (!(came.poll(PATIENCE) instanceof Frame.Text(String text))) {
      throw new AssertionError("what is waited for did not come, but " + unread);
    }
    DialectFrame frame = frame(text);
    if (frame.type().equals("forward")) {
      String guid = Objects.requireNonNull(frame.guid());
      put(DialectFrame.ack(guid));
      put(DialectFrame.of("ack-forward", guid, "x" + guid));
    }
    return frame;
  }

  /** Waits until ours has acknowledged all that was said. */
  void awaitAcknowledged() throws InterruptedException {
    for (String guid : unacknowledged) {
      heard(is("ack", guid));
    }
    unacknowledged.clear();
  }

  static Predicate<DialectFrame> is(String type, String target) {
    return frame -> frame.type().equals(type) && target.equals(frame.target());
  }

  /** How many forwards came that nobody looked at. */
  long forwardsLeft() {
    return unread.stream().filter(frame -> frame.type().equals("forward")).count();
  }

  /** Ours says what the recorded one did, but for the names of channels of its own. */
  void assertSaid(DialectFrame expected, String name) throws InterruptedException {
    DialectFrame said = heard(is("forward", mapped(expected.requiredTarget())));
    Object mine = read(said.requiredBody());
    Object theirs = read(expected.requiredBody());
    if (String.valueOf(theirs).startsWith("{:error=")) {
      assertThat(mine).as(name).asString().startsWith("{:error=");
      return;
    }
    align(theirs, mine);
    assertThat(plain(mine)).as(name).isEqualTo(plain(read(mapped(expected.requiredBody()))));
  }

  static @Nullable Object read(String body) {
    return TransitCodec.readOrNull(body, FrameLimits.DEFAULTS);
  }

  /** From now on each channel that the recorded one named here is called as ours names it. */
  private void align(@Nullable Object theirs, @Nullable Object mine) {
    switch (theirs) {
      case Reference(String guid, _, _)
          when mine instanceof Reference(String instead, _, _)
              && !everSaid.toString().contains(guid) ->
          ours.put(guid, instead);
      case Map<?, ?> map when mine instanceof Map<?, ?> other ->
          map.forEach((key, value) -> align(value, valueOf(other, key)));
      case Collection<?> values when mine instanceof Collection<?> others -> {
        Iterator<?> other = others.iterator();
        values.forEach(value -> align(value, other.hasNext() ? other.next() : null));
      }
      case null, default -> {}
    }
  }

  private static @Nullable Object valueOf(Map<?, ?> map, @Nullable Object key) {
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (Objects.equals(plain(entry.getKey()), plain(key))) {
        return entry.getValue();
      }
    }
    return null;
  }

  /**
   * What we do not tell apart: names, which are strings in Java, and services, which are named by
   * strings, too, where the recorded one is named by a number.
   */
  static @Nullable Object plain(@Nullable Object value) {
    return switch (new Incoming(100, Handlers.none(), Reference::guid).convert(value)) {
      case Map<?, ?> map -> {
        Map<@Nullable Object, @Nullable Object> plain = new HashMap<>();
        map.forEach((key, entry) -> plain.put(plain(key), plain(entry)));
        yield plain;
      }
      case List<?> list when list.equals(List.of("root", 42)) -> List.of("root", "42");
      case List<?> list -> list.stream().map(Replay::plain).toList();
      case byte[] bytes -> HexFormat.of().formatHex(bytes);
      case null -> null;
      case Object other -> other;
    };
  }

  /** The reply channel of a request, as the recording names it. */
  static String returnIn(DialectFrame request) {
    Map<?, ?> message = (Map<?, ?>) Objects.requireNonNull(read(request.requiredBody()));
    Object reply = message.get(Name.keyword(Request.RETURN));
    return ((Reference) Objects.requireNonNull(reply)).guid();
  }

  /** How many frames of ours wait to be looked at. */
  int arrived() {
    return came.buffered();
  }

  static DialectFrame frame(String text) {
    return DialectFrame.read(text, FrameLimits.DEFAULTS);
  }

  @Override
  public void close() {
    peer.close();
  }
}
