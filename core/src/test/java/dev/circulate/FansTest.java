package dev.circulate;

import static dev.circulate.Csp.chan;
import static dev.circulate.Numbers.all;
import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.PATIENCE;
import static dev.circulate.contract.Until.ends;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.circulate.contract.Forked;
import dev.circulate.service.TypeOf;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Gatherer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One channel to many and many to one: mults, pubs, mixes. */
@Timeout(60)
class FansTest {
  private final RuntimeException cause = new IllegalStateException("the well is dry");

  @Test
  @DisplayName(
      "a mult copies to all; a slow tap waits, misses the value or is detached, as it says")
  void mult() throws Exception {
    Channel<Integer> source = chan();
    Mult<Integer> mult = Mult.of(source);
    Channel<Integer> wait = mult.tap(chan(4), SlowTap.WAIT);
    Channel<Integer> drop = mult.tap(chan(1), SlowTap.DROP);
    Channel<Integer> detach = mult.tap(chan(1), SlowTap.DETACH);
    for (int i = 0; i < 3; i++) {
      assertThat(source.put(i)).isTrue();
    }
    source.close(cause);
    until("the taps are closed", () -> wait.isClosed() && drop.isClosed());
    assertThat(wait.drain(9)).containsExactly(0, 1, 2);
    assertThat(wait.closeCause()).isSameAs(cause);
    assertThat(drop.drain(9)).containsExactly(0);
    assertThat(detach.drain(9)).containsExactly(0);
    assertThat(detach.closeCause()).isInstanceOf(TapDetachedException.class);
  }

  @Test
  @DisplayName("a slow tap that is waited for holds up the mult until it takes, or is untapped")
  void multUntap() throws Exception {
    Channel<Integer> source = chan();
    Mult<Integer> mult = Mult.of(source);
    Channel<Integer> slow = mult.tap(chan(), SlowTap.WAIT);
    Channel<Integer> other = mult.tap(chan(4), SlowTap.WAIT);
    assertThat(source.put(1)).isTrue();
    assertThat(other.take()).as("the others have the value at once").isEqualTo(1);
    until("the mult waits", () -> slow.waitingPutters() == 1);
    assertThat(source.offer(2)).isFalse();
    mult.untap(slow);
    assertThat(source.put(2)).isTrue();
    assertThat(other.take()).isEqualTo(2);
    assertThat(slow.isClosed()).isFalse();
  }

  @Test
  @DisplayName("a pub gives each value to the subscribers of its topic")
  void pub() throws Exception {
    Channel<Integer> source = chan();
    Pub<Boolean, Integer> pub = Pub.of(source, n -> n % 2 == 0);
    Channel<Integer> even = pub.sub(true, chan(8), SlowTap.WAIT);
    Channel<Integer> odd = pub.sub(false, chan(8), SlowTap.WAIT);
    for (int i = 0; i < 4; i++) {
      assertThat(source.put(i)).isTrue();
    }
    source.close();
    assertThat(all(even)).containsExactly(0, 2);
    assertThat(all(odd)).containsExactly(1, 3);
    assertThat(pub.sub(true, Csp.<Integer>chan(1), SlowTap.DROP).isClosed()).isTrue();
  }

  @Test
  @DisplayName("a mix plays, mutes, pauses and solos its inputs")
  void mix() throws Exception {
    Channel<String> out = chan();
    Channel<String> a = chan();
    Channel<String> b = chan();
    try (Mix<String> mix = Mix.into(out)) {
      mix.admix(a);
      mix.toggle(b, Mix.Mode.PAUSE);
      Forked<Boolean> held = fork(() -> b.put("b1"));
      assertThat(a.put("a1")).isTrue();
      assertThat(out.take()).isEqualTo("a1");
      assertThat(held.isDone()).isFalse();
      mix.toggle(b, Mix.Mode.SOLO);
      assertThat(out.take()).isEqualTo("b1");
      assertThat(held.join()).isTrue();
      assertThat(a.put("muted")).isTrue();
      assertThat(b.put("b2")).isTrue();
      assertThat(out.take()).isEqualTo("b2");
      out.cancel();
    }
    assertThat(a.isClosed()).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Mix.into(out).soloMode(Mix.Mode.PLAY))
        .withMessageContaining("PLAY");
  }

  @Test
  @DisplayName("GO-3 a mult that is interrupted with its scope closes its taps")
  void multOfScope() throws Exception {
    Channel<Integer> source = chan();
    Channel<Integer> tap = chan(1);
    try (Scope scope = Scope.open()) {
      scope.go(() -> Mult.of(source).tap(tap, SlowTap.WAIT)).take();
      until("the mult takes", () -> source.waitingTakers() == 1);
      scope.cancel();
    }
    assertThat(fork(tap::take).joinFailure(ChannelFailedException.class))
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(source.isClosed()).isTrue();
  }

  @Test
  @DisplayName("CH-13 what a mult waits to give to a tap when it is interrupted is undelivered")
  void interruptedWhileWaiting() throws Exception {
    List<Integer> undelivered = new CopyOnWriteArrayList<>();
    Channel<Integer> slow = Channel.<Integer>builder().onUndelivered(undelivered::add).open();
    Channel<Integer> quick = chan(1);
    Channel<Integer> source = chan();
    try (Scope scope = Scope.open()) {
      scope
          .go(
              () -> {
                Mult<Integer> mult = Mult.of(source);
                mult.tap(slow, SlowTap.WAIT);
                mult.tap(quick, SlowTap.WAIT);
              })
          .take();
      assertThat(source.put(1)).isTrue();
      until("the mult waits", () -> slow.waitingPutters() == 1);
      scope.cancel();
    }
    assertThat(undelivered).containsExactly(1);
    assertThat(quick.take()).isEqualTo(1);
  }

  @Test
  @DisplayName("CH-13 a tap that is not waited for any more has missed the value, and is told")
  void retapped() throws Exception {
    List<Integer> undelivered = new CopyOnWriteArrayList<>();
    Channel<Integer> slow = Channel.<Integer>builder().onUndelivered(undelivered::add).open();
    Channel<Integer> source = chan();
    Mult<Integer> mult = Mult.of(source);
    mult.tap(slow, SlowTap.WAIT);
    assertThat(source.put(1)).isTrue();
    until("the mult waits", () -> slow.waitingPutters() == 1);
    mult.tap(slow, SlowTap.DROP);
    assertThat(source.put(2)).as("once it goes on").isTrue();
    until("both values are told", () -> undelivered.equals(List.of(1, 2)));
    assertThat(slow.isClosed()).isFalse();
  }

  @Test
  @DisplayName("a mix leaves out an input whose value does not fit, tells of it, and goes on")
  void misfitInMix() throws Exception {
    Channel<String> told = chan(Csp.unbounded());
    UncaughtHandler before =
        Csp.setUncaughtHandler((where, failure) -> told.offer(where + ": " + failure.getMessage()));
    Channel<Integer> out = chan();
    try (Mix<Integer> mix = Mix.into(out)) {
      Channel<Object> raw = Channel.builder().name("raw").open();
      mix.admix(TypeOf.channelOf(Integer.class).view(raw));
      Channel<Integer> other = chan();
      mix.admix(other);
      assertThat(raw.put("seven")).isTrue();
      assertThat(fork(told::take).join())
          .contains("whose input channel 'raw' failed")
          .contains("seven");
      Forked<Boolean> putter = fork(() -> other.put(8));
      assertThat(fork(out::take).join()).isEqualTo(8);
      assertThat(putter.join()).isTrue();
    } finally {
      Csp.setUncaughtHandler(before);
    }
  }

  @Test
  @DisplayName("CH-15 a pub that ends, or has ended, closes its subscribers with no lock held")
  void closesUnlocked() throws Exception {
    Channel<Integer> source = chan();
    Pub<Boolean, Integer> pub = Pub.of(source, n -> n % 2 == 0);
    Channel<Boolean> heard = chan(2);
    pub.sub(true, askingAtEnd(pub, heard), SlowTap.DROP);
    source.close();
    assertThat(fork(heard::take).join()).as("at the end").isTrue();
    pub.sub(true, askingAtEnd(pub, heard), SlowTap.DROP);
    assertThat(fork(heard::take).join()).as("after it").isTrue();
  }

  /** A channel whose gatherer, as it ends, waits for a thread that asks something of the pub. */
  private static Channel<Integer> askingAtEnd(Pub<Boolean, Integer> pub, Channel<Boolean> heard) {
    return Channel.<Integer>builder()
        .buffer(Csp.fixed(1))
        .gather(
            Gatherer.<Integer, Integer>ofSequential(
                (_, value, downstream) -> downstream.push(value),
                (_, _) -> {
                  Thread asking =
                      Thread.startVirtualThread(() -> pub.unsub(false, Csp.<Integer>chan()));
                  heard.offer(ends(asking));
                }))
        .open();
  }

  @Test
  @DisplayName("CH-12 a quiet mult forgets a tap that is closed or cancelled, and one untapped")
  void forgetsTaps() {
    Channel<Integer> source = chan();
    Mult<Integer> mult = Mult.of(source);
    List<WeakReference<?>> gone = new ArrayList<>();
    gone.add(tapAnd(mult, Channel::close));
    gone.add(tapAnd(mult, Channel::cancel));
    gone.add(tapAnd(mult, mult::untap));
    untilCollected(gone);
    assertThat(source.isClosed()).isFalse();
  }

  private static WeakReference<?> tapAnd(
      Mult<Integer> mult, Consumer<? super Channel<Integer>> leave) {
    Channel<Integer> tap = mult.tap(chan(), SlowTap.WAIT);
    leave.accept(tap);
    return new WeakReference<>(tap);
  }

  @Test
  @DisplayName("CH-12 a pub forgets a topic whose last subscriber has left, in whatever way")
  void forgetsTopics() throws Exception {
    Channel<Integer> source = chan();
    Map<Integer, Object> topics = new ConcurrentHashMap<>();
    Pub<Object, Integer> pub = Pub.of(source, n -> topicOf(n, topics));
    List<WeakReference<?>> gone = new ArrayList<>();
    gone.add(deserted(pub, Channel::close));
    gone.add(deserted(pub, Channel::cancel));
    topics.put(1, new Object());
    topics.put(2, new Object());
    Channel<Integer> slow = chan();
    pub.sub(topicOf(1, topics), slow.writePort(), SlowTap.DETACH);
    Channel<Integer> heard = pub.sub(topicOf(2, topics), chan(1), SlowTap.WAIT);
    assertThat(source.put(1)).isTrue();
    assertThat(source.put(2)).isTrue();
    assertThat(heard.take()).as("once the slow one is detached").isEqualTo(2);
    gone.add(new WeakReference<>(topics.remove(1)));
    untilCollected(gone);
    assertThat(source.put(2)).isTrue();
    assertThat(heard.take()).as("a topic that has a subscriber stays").isEqualTo(2);
    assertThat(slow.isClosed()).as("what cannot be closed by its face").isFalse();
  }

  private static Object topicOf(Integer value, Map<Integer, Object> topics) {
    return Objects.requireNonNull(topics.get(value));
  }

  private static WeakReference<?> deserted(
      Pub<Object, Integer> pub, Consumer<? super Channel<Integer>> leave) {
    Object topic = new Object();
    leave.accept(pub.sub(topic, chan(), SlowTap.WAIT));
    return new WeakReference<>(topic);
  }

  private static void untilCollected(List<WeakReference<?>> gone) {
    until(
        () -> "none is left of " + gone.stream().map(WeakReference::get).toList(),
        () -> {
          System.gc();
          return gone.stream().allMatch(each -> each.get() == null);
        });
  }

  @Test
  @DisplayName("who subscribes while the last subscriber of a topic leaves gets its values")
  void subscribesWhileLastLeaves() throws Exception {
    Channel<Integer> source = chan();
    Pub<Boolean, Integer> pub = Pub.of(source, n -> n % 2 == 0);
    Channel<Integer> last = pub.sub(true, chan(1), SlowTap.WAIT);
    for (int i = 0; i < 2_000; i += 2) {
      Channel<Integer> leaving = last;
      Forked<Boolean> left =
          fork(
              () -> {
                leaving.cancel();
                return true;
              });
      last = pub.sub(true, chan(1), SlowTap.WAIT);
      assertThat(left.join()).isTrue();
      assertThat(source.put(i)).isTrue();
      assertThat(last.poll(PATIENCE)).isEqualTo(i);
    }
  }

  @Test
  @DisplayName("CH-5 a mix that is closed while it waits to put gives the value back, and ends")
  void mixClosedWhilePutting() {
    Channel<Integer> input = chan(1);
    Channel<Integer> out = chan();
    Mix<Integer> mix = Mix.into(out);
    mix.admix(input);
    assertThat(input.offer(1)).isTrue();
    until("the mix waits to put", () -> out.waitingPutters() == 1);
    mix.close();
    until("it waits no more", () -> out.waitingPutters() == 0);
    until("the value is back", () -> input.buffered() == 1);
    assertThat(input.poll()).isEqualTo(1);
    assertThat(out.isClosed()).isFalse();
  }

  @Test
  @DisplayName("GO-2 what a pub's topic function throws is told, also where there is no subscriber")
  void topicFails() throws Exception {
    Channel<Throwable> told = chan(Csp.unbounded());
    UncaughtHandler before = Csp.setUncaughtHandler((_, failure) -> told.offer(failure));
    try {
      Channel<Integer> source = chan();
      failingPub(source.readPort());
      assertThat(source.put(1)).isTrue();
      until("the failure is told", () -> cause.equals(told.poll()));
    } finally {
      Csp.setUncaughtHandler(before);
    }
  }

  @Test
  @DisplayName("CH-13 the value at which a pub's topic function throws goes back to the source")
  void topicFailsAt() throws Exception {
    List<Integer> undelivered = new CopyOnWriteArrayList<>();
    Channel<Integer> own = Channel.<Integer>builder().onUndelivered(undelivered::add).open();
    Channel<Integer> shared = chan();
    failAtOne(own, own);
    failAtOne(shared, shared.readPort());
    assertThat(undelivered).containsExactly(1);
    assertThat(shared.take()).isEqualTo(1);
  }

  private void failAtOne(WritePort<Integer> to, ReadPort<Integer> source) throws Exception {
    Channel<Integer> heard = failingPub(source).sub(1, chan(1), SlowTap.WAIT);
    assertThat(to.put(1)).isTrue();
    assertThat(fork(heard::take).joinFailure(ChannelFailedException.class)).hasCause(cause);
  }

  private Pub<Integer, Integer> failingPub(ReadPort<Integer> source) {
    return Pub.of(
        source,
        _ -> {
          throw cause;
        });
  }

  @Test
  @SuppressWarnings("ReferenceEquality") // an assertion about it would ask for its words
  @DisplayName("a pub does not ask a value what it says, which may cost much, or throw")
  void speechlessValue() throws Exception {
    Channel<Object> source = chan();
    Pub<Boolean, Object> pub = Pub.of(source, _ -> true);
    Channel<Object> heard = pub.sub(true, chan(1), SlowTap.WAIT);
    Object speechless =
        new Object() {
          @Override
          public String toString() {
            throw cause;
          }
        };
    assertThat(source.put(speechless)).isTrue();
    assertThat(fork(heard::take).join() == speechless).isTrue();
  }

  @Test
  @DisplayName("who left a mult or a pub, in whatever way, gets no more values and stays open")
  void left() throws Exception {
    Channel<Integer> source = chan();
    Mult<Integer> mult = Mult.of(source);
    Channel<Integer> untapped = mult.tap(chan(1), SlowTap.DROP);
    mult.untapAll();
    Channel<Integer> published = mult.tap(chan(), SlowTap.WAIT);
    Pub<Boolean, Integer> pub = Pub.of(published, n -> n % 2 == 0);
    List<Consumer<Channel<Integer>>> ways =
        List.of(each -> pub.unsub(true, each), _ -> pub.unsubAll(true), _ -> pub.unsubAll());
    for (Consumer<Channel<Integer>> way : ways) {
      Channel<Integer> leaving = pub.sub(true, chan(1), SlowTap.DROP);
      way.accept(leaving);
      Channel<Integer> staying = pub.sub(true, chan(1), SlowTap.WAIT);
      assertThat(source.put(2)).isTrue();
      assertThat(staying.take()).isEqualTo(2);
      assertThat(leaving.poll()).isNull();
      assertThat(leaving.isClosed()).isFalse();
    }
    assertThat(untapped.poll()).isNull();
    assertThat(untapped.isClosed()).isFalse();
  }

  @Test
  @DisplayName("who leaves one topic of a pub keeps the others, unless it leaves all")
  void leavesOneTopic() throws Exception {
    Channel<Integer> source = chan();
    Pub<Boolean, Integer> pub = Pub.of(source, n -> n % 2 == 0);
    Channel<Integer> both = chan(4);
    pub.sub(true, both, SlowTap.WAIT);
    pub.sub(false, both, SlowTap.WAIT);
    pub.unsubAll(true);
    assertThat(source.put(2)).isTrue();
    assertThat(source.put(1)).isTrue();
    assertThat(both.take()).isEqualTo(1);
    pub.unsubAll();
    Channel<Integer> last = pub.sub(false, chan(1), SlowTap.WAIT);
    assertThat(source.put(3)).isTrue();
    assertThat(last.take()).isEqualTo(3);
    assertThat(both.poll()).isNull();
  }

  @Test
  @DisplayName("beside a solo input the others wait, if the mix is told that they pause")
  void soloPauses() throws Exception {
    Channel<String> out = chan();
    Channel<String> solo = chan();
    Channel<String> other = chan(1);
    try (Mix<String> mix = Mix.into(out)) {
      mix.soloMode(Mix.Mode.PAUSE);
      mix.toggle(solo, Mix.Mode.SOLO);
      mix.admix(other);
      assertThat(other.put("waits")).isTrue();
      for (int i = 0; i < 10; i++) {
        assertThat(solo.put("solo")).isTrue();
        assertThat(out.take()).isEqualTo("solo");
      }
      mix.unmix(solo);
      assertThat(fork(out::take).join()).isEqualTo("waits");
    }
  }

  @Test
  @DisplayName("a mix takes nothing from an input that was removed, by itself or with all")
  void unmixed() throws Exception {
    List<BiConsumer<Mix<Integer>, Channel<Integer>>> ways =
        List.of(Mix::unmix, (mix, _) -> mix.unmixAll());
    for (BiConsumer<Mix<Integer>, Channel<Integer>> way : ways) {
      Channel<Integer> out = chan();
      Channel<Integer> stays = chan();
      Channel<Integer> leaves = chan(1);
      try (Mix<Integer> mix = Mix.into(out)) {
        mix.admix(leaves);
        way.accept(mix, leaves);
        mix.admix(stays);
        assertThat(leaves.put(-1)).isTrue();
        for (int i = 0; i < 100; i++) {
          assertThat(stays.put(i)).isTrue();
          assertThat(out.take()).isEqualTo(i);
        }
      }
      assertThat(leaves.poll()).isEqualTo(-1);
    }
  }

  @Test
  @DisplayName("AL-3 a mix favours none of its inputs")
  void mixIsFair() throws Exception {
    Channel<Integer> out = chan();
    Set<Integer> seen = new HashSet<>();
    try (Mix<Integer> mix = Mix.into(out)) {
      for (int value = 0; value < 2; value++) {
        Channel<Integer> filled = chan(100);
        for (int i = 0; i < 100; i++) {
          assertThat(filled.offer(value)).isTrue();
        }
        mix.admix(filled);
      }
      for (int i = 0; i < 100; i++) {
        seen.add(out.take());
      }
      out.cancel();
    }
    assertThat(seen).containsExactlyInAnyOrder(0, 1);
  }

  @Test
  @DisplayName("CH-8 a mix leaves out an input that has failed, tells of it once, and goes on")
  void failedInput() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    UncaughtHandler before =
        Csp.setUncaughtHandler(
            (where, failure) -> {
              if (failure.equals(cause)) {
                told.add(where);
              }
            });
    Channel<Integer> out = chan();
    try (Mix<Integer> mix = Mix.into(out)) {
      Channel<Integer> failed = chan();
      failed.close(cause);
      mix.admix(failed);
      until("it is told", () -> !told.isEmpty());
      Channel<Integer> other = chan();
      mix.admix(other);
      for (int i = 0; i < 100; i++) {
        assertThat(other.put(i)).isTrue();
        assertThat(out.take()).isEqualTo(i);
      }
      assertThat(told).singleElement().asString().contains(failed.toString());
    } finally {
      Csp.setUncaughtHandler(before);
    }
  }

  @Test
  @DisplayName("a mix that is closed leaves its inputs and its sink open")
  void mixClosed() throws Exception {
    Channel<Integer> out = chan();
    Channel<Integer> in = chan();
    try (Scope scope = Scope.open()) { // which waits for the mix's block
      Mix<Integer> mix = Objects.requireNonNull(scope.go(() -> Mix.into(out)).take());
      mix.admix(in);
      until("the mix takes", () -> in.waitingTakers() == 1);
      mix.close();
    }
    assertThat(in.waitingTakers()).isZero();
    assertThat(in.isClosed()).isFalse();
    assertThat(out.isClosed()).isFalse();
  }

  @Test
  @DisplayName("CH-8 a tap that comes after the end of a mult is closed, with its cause")
  void tapAfterEnd() {
    Channel<Integer> source = chan();
    Mult<Integer> mult = Mult.of(source);
    Channel<Integer> early = mult.tap(chan(1), SlowTap.DROP);
    source.close(cause);
    until("the mult has ended", early::isClosed);
    Channel<Integer> late = mult.tap(chan(1), SlowTap.DROP);
    assertThat(late.closeCause()).isSameAs(cause);
  }

  @Test
  @DisplayName("CH-5 a mix whose sink is cancelled gives its value back to where it came from")
  void mixGivesBack() {
    Channel<Integer> out = chan();
    Channel<Integer> in = chan(1);
    Mix.<Integer>into(out).admix(in);
    assertThat(in.offer(1)).isTrue();
    until("the mix holds the value", () -> out.waitingPutters() == 1);
    out.cancel();
    until("it is back", () -> in.buffered() == 1);
    assertThat(in.poll()).isEqualTo(1);
    assertThat(in.isClosed()).isFalse();
  }
}
