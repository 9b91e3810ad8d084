package dev.circulate.runtime;

import dev.circulate.runtime.codec.Handlers;
import dev.circulate.runtime.codec.Incoming;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A peer that keeps to the protocol as long as it likes to, by a seed. It knows what an honest peer
 * knows, so that what it does wrong is wrong by little: a number, a count, a name that was good
 * until now.
 */
final class Attacker {
  /** A channel of the other side's that it holds. */
  private static final class Held {
    final Rights rights;
    int given;
    int credit = Besieged.LIMITS.window();
    int asked;
    int came;
    boolean withdrawing;
    boolean closed;

    Held(Rights rights) {
      this.rights = rights;
    }
  }

  /** A channel of its own that the other side holds. */
  private static final class Own {
    int asked;
    int withdrawing;
  }

  private static final List<String> COMMANDS =
      List.of("give", "make", "keep", "home", "wait", "echo");

  private final Random random;

  /** How many of a thousand packets are wrong. */
  private final int rudeness;

  private final Map<String, Held> held = new HashMap<>();
  private final Map<String, Own> own = new HashMap<>();
  private final List<String> forgotten = new ArrayList<>(List.of("root", "nobody's"));
  private long said;
  private long heard;
  private long named;

  Attacker(Random random, int rudeness) {
    this.random = random;
    this.rudeness = rudeness;
  }

  boolean isHonest() {
    return rudeness == 0;
  }

  private boolean isRude() {
    return random.nextInt(1000) < rudeness;
  }

  static Packet hello(boolean resumes) {
    return new Packet.Hello(
        Session.VERSION,
        "hostile",
        List.of(),
        resumes ? "" : null,
        5_000,
        Besieged.LIMITS.window(),
        null);
  }

  // ---- what it says

  Packet next() {
    if (isRude()) {
      return wrongPacket();
    }
    if (random.nextInt(8) == 0) {
      return new Packet.Beat(said, heard);
    }
    List<Message> messages = new ArrayList<>();
    for (int count = 1 + random.nextInt(3); count > 0; count--) {
      messages.add(isRude() ? wrongMessage() : message());
    }
    return new Packet.Batch(++said, heard, messages);
  }

  private Packet wrongPacket() {
    long off = random.nextInt(5) - 2L;
    return switch (random.nextInt(8)) {
      case 0 -> hello(random.nextBoolean());
      case 1 -> new Packet.Resume("a secret", heard + off);
      case 2 -> new Packet.Resumed(heard + off);
      case 3 -> new Packet.Beat(said + off, heard + random.nextInt(3));
      case 4 -> new Packet.Bye("leaving", "perhaps", heard + off);
      case 5 -> new Packet.Batch(said + off, heard, List.of(message()));
      case 6 -> new Packet.Batch(++said, heard + off, List.of(message()));
      default -> new Packet.Batch(random.nextLong(), random.nextLong(), List.of(wrongMessage()));
    };
  }

  /** How far it has heard, as it says when it comes back; what it said last may be lost. */
  long heard() {
    return isRude() ? heard + random.nextInt(5) - 2 : heard;
  }

  private Message wrongMessage() {
    String target = anyName();
    int count = 1 + random.nextInt(isRude() ? Integer.MAX_VALUE - 1 : 12);
    return switch (random.nextInt(11)) {
      case 0 -> new Message.Forward(target, body(), random.nextBoolean(), -1, 0);
      case 1 -> new Message.Forward(target, body(), random.nextBoolean(), 5, count);
      case 2 -> new Message.Take(target, count);
      case 3 -> new Message.Untake(target, count);
      case 4 -> new Message.Home(target, body());
      case 5 -> new Message.Close(target, new Message.Cause("no.such.Type", "no more"));
      case 6 -> new Message.Cancel(target, null);
      case 7 -> new Message.Release(target, count);
      case 8 -> new Message.Value(target, body());
      case 9 -> new Message.Untaken(target, count - 1);
      default -> new Message.Closed(target, null, random.nextBoolean());
    };
  }

  private String anyName() {
    List<String> names = new ArrayList<>(forgotten);
    names.addAll(held.keySet());
    names.addAll(own.keySet());
    return names.get(random.nextInt(names.size()));
  }

  private Message message() {
    String target = one(held.keySet());
    Held channel = target == null || random.nextInt(3) == 0 ? null : held.get(target);
    if (target == null || channel == null) {
      String mine = one(own.keySet());
      return mine == null || random.nextBoolean() ? call() : aboutMine(mine);
    }
    Rights rights = channel.rights;
    switch (random.nextInt(6)) {
      case 0, 1 -> {
        if (rights.put() && channel.credit > 0) {
          channel.credit--;
          return new Message.Forward(target, body(), false, -1, 0);
        }
      }
      case 2 -> {
        if (rights.take() && channel.asked < Besieged.LIMITS.window() && !channel.closed) {
          channel.asked++;
          return new Message.Take(target, 1);
        }
      }
      case 3 -> {
        if (channel.asked > 0 && !channel.withdrawing) {
          channel.withdrawing = true;
          return new Message.Untake(target, 1 + random.nextInt(channel.asked));
        }
      }
      case 4 -> {
        if (channel.came > 0) {
          channel.came--;
          return new Message.Home(target, "back");
        }
      }
      default -> {
        if (rights.close() && random.nextInt(4) == 0) {
          return new Message.Close(target, null);
        }
        if (channel.asked == 0 && !channel.withdrawing) {
          held.remove(target);
          forgotten.add(target);
          return new Message.Release(target, channel.given);
        }
      }
    }
    return call();
  }

  private Message aboutMine(String name) {
    Own channel = Objects.requireNonNull(own.get(name));
    if (channel.withdrawing > 0) {
      int withdrawn = random.nextInt(Math.min(channel.withdrawing, channel.asked) + 1);
      channel.asked -= withdrawn;
      channel.withdrawing = 0;
      return new Message.Untaken(name, withdrawn);
    }
    if (channel.asked > 0 && random.nextBoolean()) {
      channel.asked--;
      return new Message.Value(name, body());
    }
    if (random.nextInt(4) == 0) {
      boolean drained = random.nextBoolean();
      if (drained) {
        channel.asked = 0;
      }
      return new Message.Closed(name, new Message.Cause("no.such.Type", null), drained);
    }
    return new Message.Credit(name, 1 + random.nextInt(4));
  }

  private Message call() {
    Map<String, Object> body = new HashMap<>();
    body.put("_cmd", COMMANDS.get(random.nextInt(COMMANDS.size())));
    body.put("_return", new Reference("reply" + named++, Rights.PUT, true));
    if (body.get("_cmd").equals("keep")) {
      body.put("channel", channel());
    }
    return new Message.Forward("root", body, true, random.nextBoolean() ? -1 : 30_000, 0);
  }

  private Object body() {
    return random.nextInt(6) == 0 ? List.of(channel()) : "value " + random.nextInt(10);
  }

  private Reference channel() {
    String home = random.nextInt(3) == 0 ? one(held.keySet()) : null;
    Held theirs = home == null ? null : held.get(home);
    if (home != null && theirs != null) {
      return new Reference(home, theirs.rights, false);
    }
    String name = "own" + named++;
    own.put(name, new Own());
    return new Reference(name, Rights.ALL, false);
  }

  private @Nullable String one(Iterable<String> names) {
    List<String> all = new ArrayList<>();
    names.forEach(all::add);
    all.sort(null);
    return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
  }

  // ---- what it hears

  void hear(Packet packet) {
    if (packet instanceof Packet.Batch batch && batch.number() == heard + 1) {
      heard++;
      batch.messages().forEach(this::hear);
    }
  }

  private void hear(Message message) {
    switch (message) {
      case Message.Forward forward -> take(forward.body());
      case Message.Home home -> take(home.body());
      case Message.Value value -> {
        take(value.body());
        Held channel = held.get(value.target());
        if (channel != null) {
          channel.asked--;
          channel.came++;
        }
      }
      case Message.Untaken(String target, int takers) -> {
        Held channel = held.get(target);
        if (channel != null) {
          channel.asked -= takers;
          channel.withdrawing = false;
        }
      }
      case Message.Credit(String target, int puts) -> {
        Held channel = held.get(target);
        if (channel != null) {
          channel.credit += puts;
        }
      }
      case Message.Closed(String target, _, boolean drained) -> {
        Held channel = held.get(target);
        if (channel != null) {
          channel.closed = true;
          channel.asked = drained ? 0 : channel.asked;
        }
      }
      case Message.Take(String target, int takers) -> {
        Own channel = own.get(target);
        if (channel != null) {
          channel.asked += takers;
        }
      }
      case Message.Untake(String target, int takers) -> {
        Own channel = own.get(target);
        if (channel != null) {
          channel.withdrawing += takers;
        }
      }
      case Message.Release release -> {
        own.remove(release.target());
        forgotten.add(release.target());
      }
      case Message.Close _, Message.Cancel _ -> {}
    }
  }

  private void take(Object body) {
    Object _ = new Incoming(100, Handlers.none(), this::given).convert(body);
  }

  private Object given(Reference reference) {
    String name = reference.guid();
    if (!own.containsKey(name) && !forgotten.contains(name)) {
      held.computeIfAbsent(name, _ -> new Held(reference.rights())).given++;
    }
    return name;
  }
}
