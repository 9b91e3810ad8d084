package dev.circulate.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A row of the report: a shape of {@link Peer} with its numbers.
 *
 * @param name what the row is called
 * @param unit what one operation is
 * @param operations how many of them one run does
 * @param libraries who takes part
 * @param shape what is run
 */
record Scenario(String name, String unit, int operations, Set<Library> libraries, Shape shape) {
  /** A run of a shape; answers the sum of the values taken. */
  @FunctionalInterface
  interface Shape {
    long run(Peer peer) throws Exception;
  }

  /** How the names of those begin that stand beside the least that something costs. */
  static final String FLOOR = "floor, ";

  private static final int VALUES = 20_000;

  /** So many values through each of many channels make little of opening them. */
  private static final int EACH = 20;

  private static final Set<Library> EVERYONE = Library.LOCAL;

  /** The JDK has no select. */
  private static final Set<Library> SELECTING = without(Library.JDK);

  /** Jox leaves starting threads to its user, so that its row would be the JDK's. */
  private static final Set<Library> STARTING = without(Library.JOX);

  /** Services are ours alone: these rows are compared with one another. */
  private static final Set<Library> OURS = EnumSet.of(Library.CIRCULATE);

  private static final List<Scenario> ROWS = rows();
  private static final List<Scenario> SCALING = scaling();

  long run(Peer peer) throws Exception {
    return shape.run(peer);
  }

  /** The rows that compare the libraries. */
  static List<Scenario> compared() {
    return ROWS;
  }

  /** The rows that show how a cost grows; the number at the end of the name is what grows. */
  static List<Scenario> scaled() {
    return SCALING;
  }

  static List<Scenario> all() {
    List<Scenario> all = new ArrayList<>(ROWS);
    all.addAll(floors());
    all.addAll(calls());
    all.addAll(SCALING);
    return all;
  }

  static Scenario named(String name) {
    return all().stream()
        .filter(scenario -> scenario.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no scenario is called " + name));
  }

  private static Set<Library> without(Library one) {
    Set<Library> others = EnumSet.copyOf(Library.LOCAL);
    others.remove(one);
    return others;
  }

  private static List<Scenario> rows() {
    return List.of(
        transfer("rendezvous 1-1", 0, 1, 1),
        transfer("buffered 16", 16, 1, 1),
        transfer("buffered 128", 128, 1, 1),
        transfer("buffered 1024", 1024, 1, 1),
        transfer("fan-in 4-1, buffered 64", 64, 4, 1),
        transfer("fan-out 1-4", 64, 1, 4),
        transfer("4×4", 64, 4, 4),
        trying("offer and poll 1024, 1-1", 1),
        trying("offer and poll 1024, 4×4", 4),
        new Scenario(
            "ping-pong, 2 rendezvous",
            "ns/round trip",
            VALUES,
            EVERYONE,
            peer -> peer.pingPong(VALUES)),
        chain("chain of 1000, rendezvous", 0),
        chain("chain of 1000, buffered 16", 16),
        pairs("1000 pairs, rendezvous", 0),
        pairs("1000 pairs, buffered 16", 16),
        select("select 2", 0, 2),
        select("select 4", 0, 4),
        select("select 8", 0, 8),
        select("select 4, buffered 16", 16, 4),
        spawn("spawn and join 1", 1, VALUES),
        spawn("spawn and join 1000", 1000, VALUES / 1000),
        new Scenario(
            "abandoned timeout", "ns/take", VALUES, EVERYONE, peer -> peer.timedTakes(VALUES)));
  }

  /**
   * The rows whose tasks do nothing but hand on values or end, beside the least that this costs.
   */
  static List<Scenario> floors() {
    return ROWS.stream()
        .filter(
            row ->
                row.name.matches(
                    ".*rendezvous.*|buffered.*|fan.*|4×4|chain.*|.*pairs.*|select.*|spawn.*"))
        .map(
            row ->
                new Scenario(
                    FLOOR + row.name, row.unit, row.operations, Library.FLOORED, row.shape))
        .toList();
  }

  /** The rows that show what a call to a service costs. */
  static List<Scenario> calls() {
    return Arrays.stream(Calls.values())
        .map(calls -> new Scenario(calls.title(), "ns/call", VALUES, OURS, _ -> calls.call(VALUES)))
        .toList();
  }

  private static List<Scenario> scaling() {
    List<Scenario> rows = new ArrayList<>();
    for (int blocks : List.of(1, 100, 10_000, 1_000_000)) {
      rows.add(spawn("scaling, go blocks " + blocks, blocks, Math.max(1, VALUES / blocks)));
    }
    for (int channels : List.of(1, 100, 10_000)) {
      int values = Math.max(VALUES, EACH * channels);
      rows.add(
          new Scenario(
              "scaling, channels " + channels,
              "ns/value",
              values,
              EVERYONE,
              peer -> peer.roundRobin(16, channels, values)));
    }
    for (int arms : List.of(2, 8, 32, 128, 1024)) {
      int values = Math.max(200, VALUES / arms);
      rows.add(
          new Scenario(
              "scaling, arms " + arms,
              "ns/select",
              values,
              SELECTING,
              peer -> peer.selectOneBusy(arms, values)));
    }
    for (int timeouts : List.of(1000, 100_000, 1_000_000)) {
      rows.add(
          new Scenario(
              "scaling, abandoned timeouts " + timeouts,
              "ns/take",
              timeouts,
              EVERYONE,
              peer -> peer.timedTakes(timeouts)));
    }
    return List.copyOf(rows);
  }

  private static Scenario transfer(String name, int capacity, int putters, int takers) {
    return new Scenario(
        name,
        "ns/value",
        VALUES,
        EVERYONE,
        peer -> peer.transfer(capacity, putters, takers, VALUES));
  }

  private static Scenario trying(String name, int pairs) {
    return new Scenario(
        name, "ns/value", VALUES, Library.TRYING, peer -> peer.tryingTransfer(1024, pairs, VALUES));
  }

  private static Scenario chain(String name, int capacity) {
    int stages = 1000;
    int values = 100;
    return new Scenario(
        name, "ns/hop", stages * values, EVERYONE, peer -> peer.chain(capacity, stages, values));
  }

  private static Scenario pairs(String name, int capacity) {
    int pairs = 1000;
    int values = 100;
    return new Scenario(
        name, "ns/value", pairs * values, EVERYONE, peer -> peer.pairs(capacity, pairs, values));
  }

  private static Scenario select(String name, int capacity, int arms) {
    return new Scenario(
        name, "ns/select", VALUES, SELECTING, peer -> peer.select(capacity, arms, VALUES));
  }

  private static Scenario spawn(String name, int tasks, int rounds) {
    return new Scenario(
        name, "ns/task", tasks * rounds, STARTING, peer -> peer.spawn(tasks, rounds));
  }
}
