package dev.circulate.service;

import static dev.circulate.contract.Until.until;
import static dev.circulate.service.TypeOf.channelOf;
import static dev.circulate.service.TypeOf.mapOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.circulate.Channel;
import dev.circulate.WritePort;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a service tells of what it did. */
@Timeout(60)
class StatsTest {
  static class Endless {
    @Command
    Stream<Integer> ones() {
      return Stream.generate(() -> 1);
    }
  }

  private final WritePort<Request> service = Service.builder(new Endless()).limit(2).open();

  private Channel<Integer> ones() throws InterruptedException {
    return Request.to(service, "ones").as(channelOf(Integer.class));
  }

  private double stat(String name) {
    try {
      Map<String, Double> stats = Request.to(service, "_stats").as(mapOf(Double.class));
      return Objects.requireNonNull(stats.get(name));
    } catch (CallException e) {
      return -1; // there is no room yet
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName("SV-7 streams that flow are counted, requests beyond the limit, and what is none")
  @SuppressWarnings("unchecked") // as a peer may do
  void counted() throws Exception {
    assertThat(((WritePort<Object>) (WritePort<?>) service).put("no request")).isTrue();
    Channel<Integer> first = ones();
    Channel<Integer> second = ones();
    assertThat(catchThrowableOfType(CallException.class, () -> ones().take()).error())
        .isInstanceOf(CallError.Overloaded.class);
    first.cancel();
    until("one stream flows", () -> stat("streams") == 1);
    assertThat(stat("overloaded")).isPositive();
    assertThat(stat("malformed")).isEqualTo(1);
    second.cancel();
    until("none does", () -> stat("streams") == 0);
  }

  @Test
  @DisplayName("SV-7 how long requests took is told in microseconds, right up to a factor of two")
  void latencies() {
    Stats stats = new Stats();
    for (int i = 0; i < 98; i++) {
      stats.served(1_000_000, false);
    }
    stats.served(100_000_000, false);
    stats.served(1_000_000_000, true);
    Map<String, Object> data = stats.toData();
    assertThat((Double) data.get("latency-us-median")).isBetween(1e3, 2e3);
    assertThat((Double) data.get("latency-us-99")).isBetween(1e5, 2e5);
    assertThat((Double) data.get("latency-us-max")).isBetween(1e6, 2e6);
    assertThat(new Stats().toData()).containsEntry("latency-us-max", 0.0);
  }
}
