package dev.circulate.benchmarks;

import dev.circulate.Csp;
import dev.circulate.ReadPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * A row of the report between two address spaces.
 *
 * @param name what the row is called; the number at its end is that of the callers
 * @param unit what one operation is
 * @param operations how many of them one run does
 * @param link what they talk over
 * @param libraries who takes part
 * @param shape what is run
 */
record RemoteScenario(
    String name,
    String unit,
    int operations,
    RemoteLink link,
    Set<Library> libraries,
    Shape shape) {
  /** A run; answers the sum of what came back. */
  @FunctionalInterface
  interface Shape {
    long run(RemotePeer peer) throws Exception;
  }

  /** How the names of all of them begin. */
  static final String PREFIX = "remote ";

  private static final int STREAMED = 20_000;
  private static final int TAKEN = 500;

  private static final List<RemoteScenario> ROWS = rows();

  long run(RemotePeer peer) throws Exception {
    return shape.run(peer);
  }

  /** All rows. */
  static List<RemoteScenario> all() {
    return ROWS;
  }

  static RemoteScenario named(String name) {
    return ROWS.stream()
        .filter(scenario -> scenario.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no scenario is called " + name));
  }

  private static List<RemoteScenario> rows() {
    List<RemoteScenario> rows = new ArrayList<>();
    for (RemoteLink link : RemoteLink.values()) {
      rows.add(calls(link, 1, 500));
      rows.add(calls(link, 64, 50));
      rows.add(calls(link, 1024, 5));
      rows.add(stream("stream", link, STREAMED, peer -> peer.sent(STREAMED)));
      rows.add(stream("stream taken", link, TAKEN, peer -> peer.taken(TAKEN)));
    }
    rows.add(
        calls(
            Scenario.FLOOR + PREFIX + "calls, WebSocket, 1",
            RemoteLink.WEB_SOCKET_JSON,
            1,
            500,
            Library.FLOORED_REMOTE));
    for (RemoteLink link :
        List.of(RemoteLink.WEB_SOCKET_JSON, RemoteLink.WEB_SOCKET_MESSAGE_PACK)) {
      rows.add(
          calls(Scenario.FLOOR + name("calls", link, 64), link, 64, 50, Library.FLOORED_CROWD));
      rows.add(
          calls(Scenario.FLOOR + name("calls", link, 1024), link, 1024, 5, Library.FLOORED_CROWD));
    }
    return List.copyOf(rows);
  }

  private static RemoteScenario calls(RemoteLink link, int callers, int each) {
    return calls(name("calls", link, callers), link, callers, each, Library.REMOTE);
  }

  private static RemoteScenario calls(
      String name, RemoteLink link, int callers, int each, Set<Library> libraries) {
    return new RemoteScenario(
        name, "ns/call", callers * each, link, libraries, peer -> call(peer, callers, each));
  }

  private static RemoteScenario stream(String what, RemoteLink link, int values, Shape shape) {
    return new RemoteScenario(
        name(what, link, 1),
        "ns/value",
        values,
        link,
        Library.REMOTE,
        peer -> inVirtualThread(() -> shape.run(peer)));
  }

  private static String name(String what, RemoteLink link, int callers) {
    return PREFIX + "%s, %s, %d".formatted(what, link.title(), callers);
  }

  /** So many callers at a time, each in a virtual thread, whichever the library. */
  private static long call(RemotePeer peer, int callers, int each) throws InterruptedException {
    List<ReadPort<Long>> sums = new ArrayList<>();
    for (int caller = 0; caller < callers; caller++) {
      sums.add(Csp.go(() -> call(peer, each)));
    }
    long sum = 0;
    for (ReadPort<Long> one : sums) {
      sum += Objects.requireNonNull(one.take());
    }
    return sum;
  }

  /** Takes a stream where callers wait too, whichever the library. */
  private static long inVirtualThread(Callable<Long> body) throws InterruptedException {
    return Objects.requireNonNull(Csp.go(body).take());
  }

  private static long call(RemotePeer peer, int times) throws Exception {
    long sum = 0;
    for (int value = 0; value < times; value++) {
      sum += peer.plusOne(value);
    }
    return sum;
  }
}
