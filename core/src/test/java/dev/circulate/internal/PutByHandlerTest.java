package dev.circulate.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Puts for which no thread waits. */
class PutByHandlerTest {
  private static final PutHandler ANYHOW = new Anyhow();

  @Test
  @DisplayName("CH-13 what a put with a handler makes a buffer lose is undelivered")
  void lost() {
    List<Integer> undelivered = new ArrayList<>();
    for (Buffer kind :
        List.of(new Buffer.Dropping(1), new Buffer.Sliding(1), new Buffer.Promise())) {
      LocalChannel<Integer> channel = LocalChannel.open(kind, null, undelivered::add);
      channel.putAsync(1, ANYHOW);
      channel.putAsync(2, ANYHOW);
    }
    assertThat(undelivered).as("the newest, the oldest, what came late").containsExactly(2, 1, 2);
  }
}
