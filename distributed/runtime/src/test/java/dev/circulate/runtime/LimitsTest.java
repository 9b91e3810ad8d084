package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.WritePort;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.service.Request;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What can be set is kept, however large it is. */
class LimitsTest {
  private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

  /** It is no channel of this library's: there is nothing behind it to be called from afar. */
  private record Homemade() implements WritePort<Request> {
    @Override
    public boolean put(Request request) {
      return false;
    }

    @Override
    public boolean offer(Request request) {
      return false;
    }

    @Override
    public boolean offer(Request request, Duration timeout) {
      return false;
    }

    @Override
    public boolean isClosed() {
      return false;
    }
  }

  @Test
  @DisplayName(
      "SV-4 a root that no peer could call is refused where it is set, and not by each link")
  void homemadeRoot() {
    assertThatThrownBy(() -> Server.at(URI.create("memory://homemade")).root(new Homemade()))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("Homemade")
        .hasMessageContaining("only this library's channels");
  }

  @Test
  @DisplayName("DI-8 a session that is to wait for ever can begin, beat, be called and end")
  void forEver() throws InterruptedException {
    Limits patient =
        Limits.builder()
            .hello(FOREVER)
            .beat(FOREVER.minusDays(1))
            .silence(FOREVER)
            .grace(FOREVER)
            .build();
    try (TwoSpaces spaces = new TwoSpaces(patient)) {
      assertThat(Request.to(spaces.bRootProxy(), "name").as(String.class)).isEqualTo("b-root");
      assertThat(spaces.a.leave(FOREVER)).isTrue();
    }
  }
}
