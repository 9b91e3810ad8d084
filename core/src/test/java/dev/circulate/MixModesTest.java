package dev.circulate;

import static dev.circulate.Csp.chan;
import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.contract.Forked;
import dev.circulate.service.TypeOf;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of the values of a mix's inputs, by the mode that each has. */
@Timeout(60)
class MixModesTest {
  private final Channel<String> out = chan();

  @Test
  @DisplayName("an input on MUTE is taken from, and nothing of it is heard")
  void muted() throws Exception {
    Channel<String> muted = chan();
    Channel<String> played = chan();
    try (Mix<String> mix = Mix.into(out)) {
      mix.toggle(muted, Mix.Mode.MUTE);
      mix.admix(played);
      for (int i = 0; i < 10; i++) {
        assertThat(fork(() -> muted.put("muted")).join()).isTrue();
      }
      assertThat(played.put("played")).isTrue();
      assertThat(out.take()).isEqualTo("played");
    }
  }

  @Test
  @DisplayName("an input that is admixed again plays, whatever its mode was")
  void admixedAgain() throws Exception {
    for (Mix.Mode mode : Mix.Mode.values()) {
      Channel<String> input = chan();
      try (Mix<String> mix = Mix.into(out)) {
        mix.toggle(input, mode);
        mix.admix(input);
        assertHeard(input, "after " + mode);
      }
    }
  }

  private void assertHeard(Channel<String> input, String value) throws InterruptedException {
    Forked<Boolean> putter = fork(() -> input.put(value));
    assertThat(fork(out::take).join()).isEqualTo(value);
    assertThat(putter.join()).isTrue();
  }

  @Test
  @DisplayName("of several solo inputs each is heard")
  void severalSolos() throws Exception {
    Channel<String> first = chan();
    Channel<String> second = chan();
    try (Mix<String> mix = Mix.into(out)) {
      mix.toggle(first, Mix.Mode.SOLO);
      mix.toggle(second, Mix.Mode.SOLO);
      assertHeard(first, "first");
      assertHeard(second, "second");
    }
  }

  @Test
  @DisplayName("nothing is taken from a paused input, also beside a solo one that mutes others")
  void pausedBesideSolo() throws Exception {
    Channel<String> paused = chan(1);
    Channel<String> solo = chan();
    try (Mix<String> mix = Mix.into(out)) {
      mix.toggle(paused, Mix.Mode.PAUSE);
      mix.toggle(solo, Mix.Mode.SOLO);
      assertThat(paused.put("kept")).isTrue();
      for (int i = 0; i < 10; i++) {
        assertHeard(solo, "solo");
      }
    }
    assertThat(paused.poll()).isEqualTo("kept");
  }

  @Test
  @DisplayName("CH-5 a value that was taken when its input was paused, or removed, goes back there")
  void pausedMeanwhile() throws Exception {
    List<BiConsumer<Mix<Integer>, ReadPort<Integer>>> ways =
        List.of((mix, input) -> mix.toggle(input, Mix.Mode.PAUSE), Mix::unmix);
    for (BiConsumer<Mix<Integer>, ReadPort<Integer>> way : ways) {
      Channel<Integer> to = chan(1);
      Channel<Object> raw = chan(1);
      Channel<Integer> input = TypeOf.channelOf(Integer.class).view(raw);
      try (Mix<Integer> mix = Mix.into(to)) {
        mix.admix(input);
        Telltale value = new Telltale(7, () -> way.accept(mix, input));
        assertThat(raw.put(value)).isTrue();
        until("it has been taken, and is back", () -> value.wasRead() && raw.buffered() == 1);
      }
      assertThat(raw.poll()).isEqualTo(7);
      assertThat(to.poll()).isNull();
    }
  }

  @Test
  @DisplayName("AL-5 an input that has ended is left out: the mix waits for the others")
  void endedInput() throws Exception {
    Channel<String> ended = chan();
    Channel<String> stays = chan();
    try (Mix<String> mix = Mix.into(out)) {
      mix.admix(ended);
      mix.admix(stays);
      ended.close();
      until(
          "the mix waits for the others only",
          () ->
              Blocks.waiting().stream()
                  .filter(block -> block.name().equals("mix into " + out))
                  .anyMatch(
                      block ->
                          block.operation().contains("take from " + stays)
                              && !block.operation().contains("take from " + ended)));
      assertHeard(stays, "stays");
    }
  }

  @Test
  @DisplayName("a mix that waits hears that the others beside a solo are muted, and no longer wait")
  void soloModeChanges() throws Exception {
    Channel<String> solo = chan();
    Channel<String> other = chan();
    try (Mix<String> mix = Mix.into(out)) {
      mix.soloMode(Mix.Mode.PAUSE);
      mix.toggle(solo, Mix.Mode.SOLO);
      mix.admix(other);
      assertHeard(solo, "solo");
      until("the mix waits for the solo", () -> solo.waitingTakers() == 1);
      Forked<Boolean> putter = fork(() -> other.put("muted"));
      mix.soloMode(Mix.Mode.MUTE);
      assertThat(putter.join()).isTrue();
    }
  }

  @Test
  @DisplayName("GO-2 CH-13 a mix ends with the value that its sink refuses, which goes back, told")
  void refusingSink() throws Exception {
    Channel<Throwable> told = chan(Csp.unbounded());
    UncaughtHandler before = Csp.setUncaughtHandler((_, failure) -> told.offer(failure));
    try {
      RuntimeException refusal = new IllegalStateException("cannot be put");
      Channel<String> input = chan(1);
      Mix<String> mix =
          Mix.into(
              new OwnPort<>(
                  () -> {
                    throw refusal;
                  },
                  false));
      assertThat(input.put("refused")).isTrue();
      mix.admix(input);
      assertThat(fork(told::take).join()).isSameAs(refusal);
      assertThat(input.poll()).isEqualTo("refused");
      mix.close();
    } finally {
      Csp.setUncaughtHandler(before);
    }
  }
}
