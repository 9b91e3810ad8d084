package dev.circulate.runtime;

import dev.circulate.runtime.session.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Address spaces that exchange channels and values over bad networks, all in one thread and all
 * decided by a seed: the same seed is the same life. What must be true is held against the {@link
 * Ledger} after every step.
 */
final class SimulatedWorld {
  /** What can go wrong in a world. */
  enum Fault {
    DISTURBED,
    CUT,
    RESUMED,
    SILENT,
    ENDED,
    DIED
  }

  private static final Limits LIMITS =
      Limits.builder()
          .window(3)
          .beat(Duration.ofSeconds(5))
          .silence(Duration.ofSeconds(16))
          .build();

  /** Far more than any world needs until nothing moves. */
  private static final int MOST_ROUNDS = 10_000;

  private final Random random;
  private final Ledger ledger;
  private final Set<Fault> met = EnumSet.noneOf(Fault.class);
  private final List<SimulatedSpace> spaces = new ArrayList<>();
  private final List<SimulatedWire> wires = new ArrayList<>();

  /** Far more than a window, and than what else waits to be said of some channels. */
  private static final int RUSH = 64;

  /** How bad this world is, from networks that never fail to processes that die. */
  private final int badness;

  private long now = 1;
  private int numbers;

  /**
   * A world.
   *
   * @param ledger what it is held against
   */
  SimulatedWorld(long seed, Ledger ledger) {
    this.ledger = ledger;
    this.random = new Random(new SplittableRandom(seed).nextLong()); // or neighbours are alike
    this.badness = random.nextInt(4);
    int count = 2 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      spaces.add(space(i));
    }
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < i; j++) {
        connect(spaces.get(i), spaces.get(j));
      }
    }
  }

  private SimulatedSpace space(int index) {
    return new SimulatedSpace(
        Character.toString('a' + index), LIMITS, ledger, random, () -> ++numbers);
  }

  private void connect(SimulatedSpace client, SimulatedSpace server) {
    wires.add(new SimulatedWire(client, server, random, now));
  }

  List<SimulatedWire> wires() {
    return wires;
  }

  /** What has gone wrong until now. */
  Set<Fault> met() {
    return met;
  }

  private void meet(Fault fault, boolean met) {
    if (met) {
      this.met.add(fault);
    }
  }

  void live(int steps) {
    for (int step = 0; step < steps; step++) {
      step();
      ledger.requireRight();
      requireBounds();
    }
    die();
  }

  private void step() {
    int chosen = random.nextInt(100);
    if (chosen < 50) {
      network();
    } else if (chosen < 90) {
      program();
    } else if (badness > 0) {
      fault();
    }
  }

  private <T> T any(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private void network() {
    SimulatedWire wire = any(wires);
    SimulatedWire.Side side = any(wire.sides());
    for (int times = 1 + random.nextInt(4); times > 0; times--) {
      if (random.nextBoolean()) {
        wire.say(side, now);
      } else {
        wire.hear(side, now);
      }
    }
  }

  private void program() {
    SimulatedSpace space = any(spaces);
    if (space.ports().isEmpty() || random.nextInt(20) == 0) {
      space.open();
      return;
    }
    SimulatedSpace.Port port = any(space.ports());
    if (random.nextInt(128) == 0) {
      rush(space, port);
      return;
    }
    switch (random.nextInt(32)) {
      case 0 -> space.close(port);
      case 1, 2, 3 -> space.letGo(port);
      case 4, 5, 6 -> space.give(port);
      case 7, 8, 9 -> space.call();
      case 10, 11 -> space.withdrawOne();
      case 12, 13, 14, 15, 16, 17, 18, 19, 20, 21 -> space.take(port);
      default -> space.put(port);
    }
  }

  /** Puts or takes without regard to whether anybody keeps up. */
  private void rush(SimulatedSpace space, SimulatedSpace.Port port) {
    boolean puts = random.nextBoolean();
    for (int times = 0; times < RUSH; times++) {
      if (puts) {
        space.put(port);
      } else {
        space.take(port);
      }
    }
  }

  private void fault() {
    SimulatedWire wire = any(wires);
    switch (random.nextInt(12)) {
      case 0, 1 -> meet(Fault.DISTURBED, wire.disturb(any(wire.sides())));
      case 2, 3 -> {
        wire.cut();
        meet(Fault.CUT, !wire.isUp());
      }
      case 4, 5, 6, 7 -> meet(Fault.RESUMED, wire.reconnect(now));
      case 8, 9 -> pass(Duration.ofMillis(1 + random.nextInt(8_000)));
      case 10 -> {
        if (badness > 1) {
          SimulatedWire.Side side = any(wire.sides());
          wire.end(side);
          meet(Fault.ENDED, side.over);
        }
      }
      default -> {
        if (badness > 2 && random.nextInt(4) == 0) {
          restart(random.nextInt(spaces.size()));
        }
      }
    }
    begin();
  }

  private void pass(Duration time) {
    now += time.toNanos();
    for (SimulatedWire wire : wires) {
      for (SimulatedWire.Side side : wire.sides()) {
        if (side.session.due(now) == Session.Due.SILENCE) {
          wire.cut();
          meet(Fault.SILENT, !wire.isUp());
        }
      }
    }
  }

  /** Ends sessions of which one side has ended, now or later, and begins others in their place. */
  private void begin() {
    for (int i = 0; i < wires.size(); i++) {
      SimulatedWire wire = wires.get(i);
      SimulatedWire.Side client = wire.sides().getFirst();
      SimulatedWire.Side server = wire.sides().getLast();
      if (client.over != server.over && random.nextBoolean()) {
        wire.end(client);
        wire.end(server);
      }
      if (wire.isOver()) {
        wires.set(i, new SimulatedWire(client.space, server.space, random, now));
      }
    }
  }

  /** A process dies, and another takes its place. */
  private void restart(int index) {
    ledger.processDied();
    SimulatedSpace dead = spaces.get(index);
    SimulatedSpace successor = space(index);
    spaces.set(index, successor);
    for (int i = 0; i < wires.size(); i++) {
      SimulatedWire wire = wires.get(i);
      for (SimulatedWire.Side side : wire.sides()) {
        if (side.space == dead) {
          SimulatedWire.Side survivor = wire.other(side);
          wire.end(survivor);
          wire.end(side); // nobody hears what it says, but what watches it is the test's process
          wires.set(i, new SimulatedWire(survivor.space, successor, random, now));
        }
      }
    }
    dead.die();
    meet(Fault.DIED, !spaces.contains(dead));
  }

  // ---- what is always true

  /**
   * What waits to be said is bounded by the windows of the channels that are held, or were until
   * their release was said: not by how much a program would like to put and take.
   */
  private void requireBounds() {
    for (SimulatedWire wire : wires) {
      for (SimulatedWire.Side side : wire.sides()) {
        Peer.Held held = side.conversation.tables().held();
        side.mostHeld = Math.max(side.mostHeld, held.exports() + held.imports());
        if (side.conversation.unsaid() > 16 + 4 * side.mostHeld) {
          throw new AssertionError(
              side.conversation.unsaid() + " messages wait to be said of " + held);
        }
      }
    }
  }

  // ---- the end

  private void die() {
    for (SimulatedWire wire : wires) {
      SimulatedWire.Side client = wire.sides().getFirst();
      SimulatedWire.Side server = wire.sides().getLast();
      if (client.over || server.over) {
        wire.end(client);
        wire.end(server);
      }
    }
    settle();
    spaces.forEach(SimulatedSpace::withdrawAll);
    settle();
    spaces.forEach(space -> List.copyOf(space.ports()).forEach(space::letGo));
    settle();
    requireNothingLeft();
    ledger.close();
  }

  private void requireNothingLeft() {
    for (SimulatedWire wire : wires) {
      for (SimulatedWire.Side side : wire.sides()) {
        Peer.Held held = wire.held(side);
        if (held != null && !held.equals(new Peer.Held(0, 0))) {
          throw new AssertionError(
              "DI-6 left over in %s towards %s: %s"
                  .formatted(side.space.name(), wire.other(side).space.name(), held));
        }
      }
    }
  }

  /**
   * Lets everything happen that can, over networks that work, until owners have taken all that
   * arrives. Beats show what was lost last; what nobody holds any more is collected.
   */
  private void settle() {
    boolean moved = true;
    for (int beats = 0; moved || beats < 3; beats++) {
      requireRest(beats);
      pass(LIMITS.beat());
      exchange();
      moved = false;
      for (SimulatedSpace space : spaces) {
        moved |= space.drain();
        moved |= space.collect();
      }
    }
  }

  private void exchange() {
    boolean moved = true;
    for (int rounds = 0; moved; rounds++) {
      requireRest(rounds);
      moved = false;
      for (SimulatedWire wire : wires) {
        wire.reconnect(now);
        for (SimulatedWire.Side side : wire.sides()) {
          moved |= wire.say(side, now);
          moved |= wire.hear(side, now);
        }
      }
    }
  }

  private static void requireRest(int rounds) {
    if (rounds > MOST_ROUNDS) {
      throw new AssertionError("the world does not come to rest in " + rounds + " rounds");
    }
  }

  @Override
  public String toString() {
    return spaces + ", badness " + badness;
  }
}
