package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Request;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What fails around a pool, in the program's code and on the way to a node. */
class PoolFailureTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Directory directory = new Directory();

  private static String ask(Pool pool) throws InterruptedException {
    return Request.to(pool.spread(), "where").within(LIMIT).as(String.class);
  }

  @Test
  @DisplayName("SV-4 a key without a hash code is refused where it is given")
  void key() {
    Object key =
        new Object() {
          @Override
          public int hashCode() {
            throw new IllegalStateException("no hash code");
          }

          @Override
          public String toString() {
            return "a key";
          }
        };
    try (Pool pool = new Pool(directory, "x")) {
      assertThatThrownBy(() -> pool.byKey(key)).hasMessage("no hash code");
    }
  }

  @Test
  @DisplayName("SV-4 a request is answered, at once, when the discovery fails")
  void discovery() {
    Discovery failing =
        new Discovery() {
          @Override
          public List<Offer> offering(String service) {
            throw new IllegalStateException("no list");
          }

          @Override
          public Channel<Event> events() {
            return directory.events();
          }

          @Override
          public void close() {}
        };
    try (Pool pool = new Pool(failing, "x")) {
      assertThatThrownBy(() -> ask(pool))
          .isInstanceOfSatisfying(
              CallException.class,
              e -> {
                assertThat(e.error()).isInstanceOf(CallError.Internal.class);
                assertThat(e.error().message()).contains("no list");
              });
    }
  }
}
