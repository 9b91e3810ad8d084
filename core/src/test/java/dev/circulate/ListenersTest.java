package dev.circulate;

import static dev.circulate.Csp.chan;
import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Mults and pubs, and those that listen: that are none, refuse, leave meanwhile, come too late. */
@Timeout(60)
class ListenersTest {
  private final RuntimeException cause = new IllegalStateException("the well is dry");
  private final Channel<Integer> source = chan();

  @Test
  @DisplayName("a value that comes to a mult without taps is lost, and the mult goes on")
  void noTaps() throws Exception {
    Mult<Integer> mult = Mult.of(source);
    for (int i = 0; i < 3; i++) {
      int value = i;
      assertThat(fork(() -> source.put(value)).join()).isTrue();
    }
    // the mult takes the next one when it is done with the one before
    assertThat(source.put(3)).isTrue();
    until("it waits for the next", () -> source.waitingTakers() == 1);
    Channel<Integer> tap = mult.tap(chan(1), SlowTap.WAIT);
    assertThat(source.put(4)).isTrue();
    assertThat(tap.take()).isEqualTo(4);
  }

  @Test
  @DisplayName("a tap that is a channel and refuses a value with an exception is closed with that")
  void refusingChannel() throws Exception {
    Mult<Integer> mult = Mult.of(source);
    Channel<Integer> refusing = chan(1);
    mult.tap(refusesOffers(refusing), SlowTap.DROP);
    Channel<Integer> other = mult.tap(chan(1), SlowTap.WAIT);
    assertThat(source.put(1)).isTrue();
    assertThat(other.take()).isEqualTo(1);
    until("it is closed", refusing::isClosed);
    assertThat(refusing.closeCause()).isSameAs(cause);
  }

  @SuppressWarnings("unchecked")
  private Channel<Integer> refusesOffers(Channel<Integer> channel) {
    return (Channel<Integer>)
        Proxy.newProxyInstance(
            Channel.class.getClassLoader(),
            new Class<?>[] {Channel.class},
            (_, method, arguments) -> {
              if (method.getName().equals("offer")) {
                throw cause;
              }
              return method.invoke(channel, arguments);
            });
  }

  /** Puts 1 while something happens to a tap that has no room for it, and is to be detached. */
  private void putWhile(Consumer<Mult<Integer>> meanwhile, Channel<Integer> slow)
      throws InterruptedException {
    Mult<Integer> mult = Mult.of(source);
    assertThat(slow.offer(0)).isTrue();
    mult.tap(
        new OwnPort<Integer>(
            () -> {
              meanwhile.accept(mult);
              return true;
            },
            false),
        SlowTap.DROP);
    mult.tap(slow, SlowTap.DETACH);
    assertThat(source.put(1)).isTrue();
  }

  @Test
  @DisplayName("a tap that leaves while a value is given to others stays open, though it is slow")
  void untappedMeanwhile() throws Exception {
    Channel<Integer> slow = chan(1);
    putWhile(mult -> mult.untap(slow), slow);
    assertThat(source.put(2)).as("once it is done with the first").isTrue();
    assertThat(slow.isClosed()).isFalse();
  }

  @Test
  @DisplayName("a tap that is to be waited for from now on has the value that is being given, too")
  void retappedMeanwhile() throws Exception {
    Channel<Integer> slow = chan(1);
    putWhile(mult -> mult.tap(slow, SlowTap.WAIT), slow);
    until("the mult waits", () -> slow.waitingPutters() == 1);
    assertThat(slow.take()).isEqualTo(0);
    assertThat(slow.take()).isEqualTo(1);
  }

  @Test
  @DisplayName("CH-8 the cause of a pub's source is told to each subscriber, one that is late, too")
  void pubFails() {
    Pub<Boolean, Integer> pub = Pub.of(source, n -> n % 2 == 0);
    Channel<Integer> even = pub.sub(true, chan(1), SlowTap.WAIT);
    Channel<Integer> odd = pub.sub(false, chan(1), SlowTap.WAIT);
    source.close(cause);
    until("both are closed", () -> even.isClosed() && odd.isClosed());
    assertThat(even.closeCause()).isSameAs(cause);
    assertThat(odd.closeCause()).isSameAs(cause);
    assertThat(pub.sub(true, Csp.<Integer>chan(1), SlowTap.DROP).closeCause()).isSameAs(cause);
  }

  @Test
  @DisplayName("CH-8 what a pub's topic function throws ends subscribers and source with that")
  void topicFails() throws Exception {
    Pub<Boolean, Integer> pub =
        Pub.of(
            source,
            _ -> {
              throw cause;
            });
    Channel<Integer> heard = pub.sub(true, chan(1), SlowTap.WAIT);
    assertThat(source.put(1)).isTrue();
    until("both have ended", () -> heard.isClosed() && source.isClosed());
    assertThat(heard.closeCause()).isSameAs(cause);
    assertThat(source.closeCause()).isSameAs(cause);
  }

  @Test
  @DisplayName("a value without a topic ends a pub, and says so")
  void noTopic() throws Exception {
    Pub<Boolean, Integer> pub =
        Pub.of(source, n -> n == 1 ? ListenersTest.<Boolean>nothing() : n == 2);
    Channel<Integer> heard = pub.sub(true, chan(1), SlowTap.WAIT);
    assertThat(source.put(1)).isTrue();
    until("it has ended", heard::isClosed);
    assertThat(heard.closeCause())
        .isInstanceOf(NullPointerException.class)
        .hasMessage("the topic of 1");
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // that is the point
  private static <T> T nothing() {
    return null;
  }

  @Test
  @DisplayName("topics are one that are equal, whether or not they are the same object")
  void equalTopics() throws Exception {
    Pub<String, Integer> pub = Pub.of(source, n -> "topic " + n);
    Channel<Integer> heard = pub.sub("topic " + 1, chan(2), SlowTap.WAIT);
    assertThat(source.put(1)).isTrue();
    assertThat(fork(heard::take).join()).isEqualTo(1);
  }

  /** A topic that nobody can look up. */
  private record Unhashable(RuntimeException failure) {
    @Override
    public int hashCode() {
      throw failure;
    }
  }

  @Test
  @DisplayName("CH-13 the value whose topic throws when it is looked up goes back to the source")
  void topicLookedUp() throws Exception {
    Pub<Object, Integer> pub = Pub.of(source.readPort(), _ -> new Unhashable(cause));
    Channel<Integer> heard = pub.sub("another", chan(1), SlowTap.WAIT);
    assertThat(source.put(1)).isTrue();
    assertThat(fork(heard::take).joinFailure(ChannelFailedException.class)).hasCause(cause);
    assertThat(source.poll()).isEqualTo(1);
  }
}
