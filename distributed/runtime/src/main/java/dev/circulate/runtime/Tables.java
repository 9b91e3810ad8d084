package dev.circulate.runtime;

import dev.circulate.PeerLostException;
import dev.circulate.internal.Keepers;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.ProtocolException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which channel has which name in one session: those of ours that the peer holds, and those of the
 * peer's that are held here. Names are 128 random bits and mean nothing in any other session.
 *
 * <p>A channel given with the same rights twice has one name; the count of how often it was given
 * is what a release is compared with, so that a release that crosses a further giving forgets
 * nothing. Safe for use by several threads; calls nothing under its lock but what cannot wait.
 */
final class Tables implements Keepers.Keeper {
  /** The name of each side's root, known without being given. */
  static final String ROOT = "root";

  /** One channel with one set of rights, by identity. */
  private record Key(Object channel, Rights rights) {
    @Override
    @SuppressWarnings("ReferenceEquality") // a channel is itself and no other
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && key.channel == channel && key.rights.equals(rights);
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(channel) * 31 + rights.hashCode();
    }
  }

  private final Voice peer;
  private final String peerName;
  private final Limits limits;
  private final Supplier<String> guids;
  private final Map<String, Export> exports = new HashMap<>();
  private final Map<Key, Export> named = new HashMap<>();
  private final Map<String, Import> imports = new HashMap<>();
  private final LeftBehind leftBehind = new LeftBehind();
  private final Calls calls = new Calls();

  /** Whether the peer has no word for having forgotten a channel. Guarded by this. */
  private boolean forgetsClosed;

  /** Why there is no peer any more; null while there is. Guarded by this. */
  private @Nullable PeerLostException gone;

  Tables(Voice peer, String peerName, Limits limits, Supplier<String> guids) {
    this.peer = peer;
    this.guids = guids;
    this.peerName = peerName;
    this.limits = limits;
  }

  // ---- ours

  /**
   * Looks whether a port has another side.
   *
   * @throws CodecException if not
   */
  static void requireSendable(Object port) {
    Face _ = Face.of(port);
  }

  /** Names our root, which has that name as long as the session lasts. */
  void exportRoot(Object root) {
    Face face = Face.of(root);
    Export export = face.export(peer, new Reference(ROOT, Rights.PUT, false), new Inflow());
    synchronized (this) {
      export.given = 1;
      exports.put(ROOT, export);
    }
  }

  /**
   * The name of a port that is sent: made now, or the one that it has.
   *
   * @param in where to note the channel; see {@link Parcel}
   */
  Reference give(Object port, List<Parcel.Named> in) {
    Face face = Face.of(port);
    Reference home = home(face, in);
    if (home != null) {
      return home;
    }
    Export export;
    synchronized (this) {
      Key key = new Key(face.identity(), face.rights());
      Export known = named.get(key);
      export =
          known == null
              ? face.export(
                  peer,
                  new Reference(guids.get(), face.rights(), false),
                  leftBehind.in(face.puts(), face.rights()))
              : known;
      export.inflow().requireGivable(Export.mostUnderWay(peer), face.identity());
      if (known == null) {
        admit(export);
        named.put(key, export);
      }
      export.given++;
    }
    in.add(new Given(export));
    return export.reference();
  }

  /** A name for a reply channel, good for one put. */
  Reference giveReply(Object port, List<Parcel.Named> in) {
    Face face = Face.of(port);
    Reference home = home(face, in);
    if (home != null) {
      return home;
    }
    Export export = face.export(peer, new Reference(guids.get(), Rights.PUT, true), new Inflow());
    synchronized (this) {
      admit(export);
      export.given = 1;
      calls.begun();
    }
    in.add(new Given(export));
    return export.reference();
  }

  /** One giving of a channel of ours. */
  private final class Given implements Parcel.Named {
    private final Export export;

    Given(Export export) {
      this.export = export;
    }

    @Override
    public void sent() {
      export.announce();
    }

    @Override
    public void dropped() {
      takeBack(export, 1);
    }
  }

  /**
   * The peer's own name for a proxy that goes back to it, which is kept until it is sent, with the
   * rights that it was given with, or the face's of a whole channel; null for anything else.
   */
  private @Nullable Reference home(Face face, List<Parcel.Named> in) {
    if (!(face.identity() instanceof ProxyChannel<?> proxy)) {
      return null;
    }
    Import held = proxy.held();
    if (!isOurs(held) || !held.pin()) {
      return null;
    }
    in.add(held);
    Rights given = held.reference().rights();
    Rights sent = given.equals(Rights.ALL) ? face.rights() : given;
    return new Reference(held.reference().guid(), sent, false);
  }

  private synchronized boolean isOurs(Import held) {
    return imports.get(held.reference().guid()) == held;
  }

  private void admit(Export export) {
    if (gone != null) {
      throw gone;
    }
    if (exports.size() >= limits.exports()) {
      throw new CodecException(
          "the peer holds " + exports.size() + " channels already, the limit of this side");
    }
    exports.put(export.reference().guid(), export);
  }

  /** Our channel of that name; a name that was never given is a violation. */
  synchronized Export export(String guid) {
    Export export = exports.get(guid);
    if (export == null && gone != null) {
      throw gone; // it may have been given
    }
    if (export == null) {
      throw new ProtocolException("no channel was ever given the name '" + guid + "'");
    }
    return export;
  }

  /** Whether the peer holds a channel, with whatever rights. */
  synchronized boolean isExported(Object channel) {
    return exports.values().stream().anyMatch(export -> export.isOf(channel));
  }

  /** The peer has forgotten a channel that it was given so often. */
  void release(String guid, long count) {
    Export export = export(guid);
    synchronized (this) {
      if (count > export.given || guid.equals(ROOT)) {
        throw new ProtocolException(
            "a release of " + count + " where " + export.given + " were given");
      }
    }
    export.released();
    takeBack(export, count);
  }

  /**
   * Our channel of that name, into which the peer puts; null if the peer has no word for having
   * forgotten one, and may have put before it heard that this one is closed.
   */
  synchronized @Nullable Export target(String guid) {
    return forgetsClosed && !exports.containsKey(guid) ? null : export(guid);
  }

  /** A channel is closed, and the peer, which was told, will say nothing of it any more. */
  void forgetClosed(String guid) {
    Export export;
    long given;
    synchronized (this) {
      forgetsClosed = true;
      export = exports.get(guid);
      given = export == null ? 0 : export.given;
    }
    if (export != null) {
      takeBack(export, given);
    }
  }

  private void takeBack(Export export, long count) {
    synchronized (this) {
      export.given -= count;
      if (export.given > 0) {
        return;
      }
      named.remove(new Key(export.identity(), export.rights()), export);
      exports.remove(export.reference().guid(), export);
      export.forget();
      leftBehind.look(export);
    }
    export.end();
    if (export.reference().reply()) {
      calls.ended();
    }
  }

  /** Of what was put to a channel that the peer has forgotten, something waits no longer. */
  synchronized void settled(Export export) {
    leftBehind.look(export);
  }

  // ---- the peer's

  /** The port that a reference from the peer means here. */
  Object resolve(Reference reference) {
    while (true) {
      Import held;
      synchronized (this) {
        Export own = exports.get(reference.guid());
        if (own != null) {
          return own.port(reference.rights());
        }
        held = imports.get(reference.guid());
        if (held == null) {
          held = new Import(peer, reference, peerName);
          keep(held);
        }
      }
      ProxyChannel<?> proxy = held.receive();
      if (proxy != null) {
        return faceOf(proxy, held.reference().rights());
      }
      forget(held); // it was just released: the name means another import now
    }
  }

  private void keep(Import held) {
    if (gone != null) {
      throw gone;
    }
    if (imports.size() >= limits.imports()) {
      throw new ProtocolException(
          "more than " + limits.imports() + " channels held at once, the limit of this side");
    }
    imports.put(held.reference().guid(), held);
    if (held.reference().reply()) {
      calls.begun();
    }
  }

  private static Object faceOf(ProxyChannel<?> proxy, Rights rights) {
    if (rights.put() && rights.take()) {
      return proxy;
    }
    return rights.put() ? proxy.writePort() : proxy.readPort();
  }

  /** The peer's root; the caller holds its face as long as the session lasts. */
  Object resolveRoot() {
    Import held = new Import(peer, new Reference(ROOT, Rights.PUT, false), peerName);
    synchronized (this) {
      imports.put(ROOT, held);
    }
    return Objects.requireNonNull(held.receive(), "it was not released yet").writePort();
  }

  /** A channel that is held here and waits for an answer, which keeps it from being forgotten. */
  synchronized Import asking(String guid) {
    Import held = imports.get(guid);
    if (held == null && gone != null) {
      throw gone;
    }
    if (held == null) {
      throw new ProtocolException("nothing was asked of '" + guid + "'");
    }
    return held;
  }

  /** The import of that name; null if it was forgotten, which the peer may not know yet. */
  synchronized @Nullable Import imported(String guid) {
    return imports.get(guid);
  }

  void forget(Import forgotten) {
    boolean known;
    synchronized (this) {
      known = imports.remove(forgotten.reference().guid(), forgotten);
    }
    if (known && forgotten.reference().reply()) {
      calls.ended();
    }
  }

  /** The calls that wait for their answer. */
  Calls calls() {
    return calls;
  }

  /** The window is larger by so many values than it was, or smaller. */
  void widen(int by) {
    List<Import> theirs;
    synchronized (this) {
      theirs = new ArrayList<>(imports.values());
    }
    theirs.forEach(held -> held.sender().widen(by));
  }

  // ---- all

  /** Ends everything, since the peer is gone. */
  void lose(PeerLostException lost) {
    List<Export> ours;
    List<Import> theirs;
    synchronized (this) {
      gone = lost;
      ours = new ArrayList<>(exports.values());
      theirs = new ArrayList<>(imports.values());
      exports.clear();
      named.clear();
      imports.clear();
      leftBehind.clear();
    }
    theirs.forEach(held -> held.lose(lost));
    ours.forEach(export -> export.lose(lost));
  }

  /** How many channels each side holds of the other's, the roots not counted. */
  synchronized Peer.Held held() {
    return new Peer.Held(
        exports.size() - (exports.containsKey(ROOT) ? 1 : 0),
        imports.size() - (imports.containsKey(ROOT) ? 1 : 0));
  }

  /** For tests that ask what is left over: the channels of ours that the peer holds. */
  @Override
  public synchronized @Nullable String kept() {
    String held =
        exports.values().stream()
            .filter(export -> !export.reference().guid().equals(ROOT))
            .map(export -> export.identity().toString())
            .sorted()
            .collect(Collectors.joining(", "));
    return held.isEmpty() ? null : "held by peer " + peerName + ": " + held;
  }
}
