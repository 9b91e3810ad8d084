package dev.circulate.runtime;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.Checked;
import dev.circulate.contract.Until;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Command;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.Visibility;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What fails around a pool, in the program's code and on the way to a node. */
class PoolFailureTest {
  private static final URI MOODY = URI.create("moody://pool-moody");
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Directory directory = new Directory();

  static final class Here {
    @Command
    String where() {
      return "here";
    }
  }

  private static Server server() throws Exception {
    Root root = Root.named("node").add("x", Service.of(new Here()), Visibility.PUBLIC);
    return Server.start(URI.create("memory://pool-moody"), root);
  }

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

  static List<Exception> failures() {
    return List.of(new IllegalStateException("no list"), new IOException("no list"));
  }

  @ParameterizedTest(name = "{displayName}: {0}")
  @MethodSource("failures")
  @DisplayName("SV-4 a request is answered, at once, when the discovery fails")
  void discovery(Exception failure) {
    try (Pool pool = new Pool(failing(failure), "x")) {
      assertThatThrownBy(() -> ask(pool))
          .isInstanceOfSatisfying(
              CallException.class,
              e -> {
                assertThat(e.error()).isInstanceOf(CallError.Internal.class);
                assertThat(e.error().message()).contains("no list");
              });
    }
  }

  /** Tells what happens in the directory, and fails when it is asked. */
  private Discovery failing(Exception failure) {
    return new Discovery() {
      @Override
      public List<Offer> offering(String service) {
        return Checked.thrown(failure);
      }

      @Override
      public Channel<Event> events() {
        return directory.events();
      }

      @Override
      public void close() {}
    };
  }

  @ParameterizedTest(name = "{displayName}: {0}")
  @MethodSource("failures")
  @DisplayName("SV-4 who comes is heard also after the discovery has failed as one left")
  void comesAfterwards(Exception failure) throws Exception {
    try (Server server = server();
        Pool pool = new Pool(failing(failure), "x")) {
      directory.announce(new Discovery.Offer("first", server.uri(), Set.of("x")));
      assertThat(pool.awaitNodes(1, Until.PATIENCE)).isTrue();
      directory.leave("first");
      directory.announce(new Discovery.Offer("second", server.uri(), Set.of("x")));
      directory.announce(new Discovery.Offer("third", server.uri(), Set.of("x")));
      assertThat(pool.awaitNodes(2, LIMIT)).isTrue();
    }
  }

  @ParameterizedTest(name = "{displayName}: {0}")
  @MethodSource("dev.circulate.runtime.Moody#moods")
  @DisplayName("SV-4 a node is not waited for, and tried again, however a connection to it fails")
  void connection(Throwable failure) throws Exception {
    Moody.FAILURE.set(failure);
    Moody.MOODS.set(Integer.MAX_VALUE);
    directory.announce(new Discovery.Offer("moody", MOODY, Set.of("x")));
    try (Server _ = server();
        Pool pool = new Pool(directory, "x")) {
      assertThatThrownBy(() -> ask(pool))
          .isInstanceOfSatisfying(
              CallException.class,
              e -> assertThat(e.error()).isInstanceOf(CallError.UnknownService.class));
      Moody.MOODS.set(0);
      assertThat(pool.awaitNodes(1, Until.PATIENCE)).isTrue();
      assertThat(ask(pool)).isEqualTo("here");
    }
  }

  @Test
  @DisplayName("DI-8b a node that was chosen at the moment at which it leaves begins nothing more")
  void leavesMeanwhile() {
    Member member =
        new Member(
            new Discovery.Offer("moody", MOODY, Set.of("x")), "x", Limits.DEFAULTS, () -> {});
    assertThat(member.begin(2)).isTrue();
    member.leave();
    assertThat(member.begin(2)).isFalse();
    assertThat(member.underWay()).isEqualTo(1);
  }

  @ParameterizedTest(name = "{displayName}: {0}")
  @MethodSource("dev.circulate.runtime.Moody#moods")
  @DisplayName("a node in a list is looked for again, however the look fails")
  void list(Throwable failure) throws Exception {
    Moody.FAILURE.set(failure);
    Moody.MOODS.set(2);
    try (Server _ = server();
        Discovery listed = new StaticDiscovery(List.of(MOODY), Duration.ofMillis(20))) {
      until("it is found", () -> !listed.offering("x").isEmpty());
    }
  }
}
