package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.WritePort;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.service.Request;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** DI-9: each limit can be set, however large, and none changes with another. */
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

  @Test
  @DisplayName("DI-9 the limits of a peer are what was set, and so in a builder made of them")
  void ofOnePeer() {
    Limits limits =
        Limits.builder()
            .window(1)
            .frame(2_000)
            .depth(3)
            .string(400)
            .collection(500)
            .exports(6)
            .imports(7)
            .requests(8)
            .unacked(900_000)
            .backlog(10)
            .hello(Duration.ofSeconds(11))
            .beat(Duration.ofSeconds(12))
            .silence(Duration.ofSeconds(13))
            .grace(Duration.ofSeconds(14))
            .build();
    String all =
        "limits: window=1 exports=6 imports=7 requests=8 unacked=900000 backlog=10"
            + " FrameLimits[length=2000, depth=3, string=400, collection=500]"
            + " hello=PT11S beat=PT12S silence=PT13S grace=PT14S";
    assertThat(limits).hasToString(all);
    assertThat(limits.toBuilder().build()).hasToString(all);
  }

  static Stream<Arguments> impossible() {
    return Stream.of(
        Arguments.of(Limits.builder().exports(0), "exports is at least 1, not 0"),
        Arguments.of(Limits.builder().imports(0), "imports is at least 1, not 0"),
        Arguments.of(Limits.builder().requests(0), "requests is at least 1, not 0"),
        Arguments.of(Limits.builder().backlog(255), "backlog is at least 256, not 255"),
        Arguments.of(Limits.builder().hello(Duration.ZERO), "hello is longer than zero, not PT0S"),
        Arguments.of(Limits.builder().beat(Duration.ZERO), "beat is longer than zero, not PT0S"),
        Arguments.of(Limits.builder().grace(Duration.ofNanos(-1)), "grace is zero or longer, not"));
  }

  @ParameterizedTest(name = "DI-9 {1}")
  @MethodSource("impossible")
  void refused(Limits.Builder impossible, String why) {
    assertThatThrownBy(impossible::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  @DisplayName("DI-9 the defaults are those that the protocol's page and each method tell")
  void defaults() {
    assertThat(Limits.DEFAULTS)
        .hasToString(
            "limits: window=256 exports=100000 imports=100000 requests=10000 unacked=1048576"
                + " backlog=262144"
                + " FrameLimits[length=1048576, depth=100, string=1048576, collection=100000]"
                + " hello=PT10S beat=PT5S silence=PT16S grace=PT10S");
    assertThat(ServerLimits.DEFAULTS).isEqualTo(new ServerLimits(10_000, 1_000, 1_000, 64 << 20));
  }

  @Test
  @DisplayName("DI-9 of the limits of all peers each is set by itself")
  void ofAllPeers() {
    ServerLimits limits = new ServerLimits(1, 2, 3, 4);
    assertThat(limits.withSessions(9)).isEqualTo(new ServerLimits(9, 2, 3, 4));
    assertThat(limits.withNewSessions(9)).isEqualTo(new ServerLimits(1, 9, 3, 4));
    assertThat(limits.withWaiting(9)).isEqualTo(new ServerLimits(1, 2, 9, 4));
    assertThat(limits.withWaitingSize(9)).isEqualTo(new ServerLimits(1, 2, 3, 9));
  }
}
