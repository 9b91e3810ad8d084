package dev.circulate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a channel promises whose buffer loses values rather than making putters wait. */
public abstract class LossyContract extends ChannelContract {
  private final boolean losesOldest;

  protected LossyContract(Buffer.Dropping buffer, Wiring wiring) {
    super(buffer, wiring);
    this.losesOldest = false;
  }

  protected LossyContract(Buffer.Sliding buffer, Wiring wiring) {
    super(buffer, wiring);
    this.losesOldest = true;
  }

  @Test
  @DisplayName(
      "CH-9 a dropping buffer keeps the oldest values, a sliding one the newest; no put waits")
  void keepsWhatItSays() throws Exception {
    Ends<Integer> ends = open();
    int values = 10 * (capacity() + ends.slack());
    for (int i = 0; i < values; i++) {
      assertThat(ends.putting().put(i)).isTrue();
    }
    ends.putting().close();
    List<Integer> kept = takeAll(ends);
    assertThat(kept).isSorted().hasSizeGreaterThanOrEqualTo(capacity());
    if (losesOldest) {
      assertThat(kept).endsWith(last(values, capacity()));
    } else {
      assertThat(kept).startsWith(IntStream.range(0, capacity()).boxed().toArray(Integer[]::new));
    }
    if (ends.slack() == 0) {
      assertThat(kept).hasSize(capacity());
    }
  }

  @Test
  @DisplayName("CH-5 CH-13 each value is taken, or was lost and went to the hook; none twice")
  void takenOrUndelivered() throws Exception {
    Ends<Integer> ends = open();
    int values = tries(ends, 2_000);
    Forked<List<Integer>> taker = Forked.fork(() -> takeAll(ends));
    for (int i = 0; i < values; i++) {
      assertThat(ends.putting().put(i)).isTrue();
    }
    ends.putting().close();
    List<Integer> taken = taker.join();
    assertThat(taken).isSorted();
    List<Object> all = new ArrayList<>(taken);
    all.addAll(undelivered);
    assertThat(all)
        .doesNotHaveDuplicates()
        .hasSize(values)
        .containsAll(IntStream.range(0, values).boxed().toList());
  }

  private static Integer[] last(int values, int number) {
    return IntStream.range(values - number, values).boxed().toArray(Integer[]::new);
  }
}
