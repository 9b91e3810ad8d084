package dev.circulate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.Csp;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each library does over each link what the remote rows count. */
class RemotePeerTest {
  static Stream<Arguments> wires() {
    return Library.REMOTE.stream()
        .flatMap(
            library -> Stream.of(RemoteLink.values()).map(link -> Arguments.of(library, link)));
  }

  @ParameterizedTest
  @MethodSource("wires")
  void calls_and_streams(Library library, RemoteLink link) throws Exception {
    try (RemoteServer server = library.serve(link);
        RemotePeer peer = library.connect(link, server.uri())) {
      assertThat(peer.plusOne(299)).isEqualTo(300);
      assertThat(peer.sent(1_000)).isEqualTo(999 * 1_000 / 2);
      assertThat(peer.taken(100)).isEqualTo(99 * 100 / 2);
    }
  }

  /** The floor beneath them has calls alone. */
  @Test
  void bare_web_socket() throws Exception {
    try (RemoteServer server = Library.WEB_SOCKET.serve(RemoteLink.WEB_SOCKET_JSON);
        RemotePeer peer = Library.WEB_SOCKET.connect(RemoteLink.WEB_SOCKET_JSON, server.uri())) {
      assertThat(peer.plusOne(299)).isEqualTo(300);
      assertThat(peer.plusOne(-1)).isEqualTo(0);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MEMORY")
  void bare_frames(RemoteLink link) throws Exception {
    try (RemoteServer server = Library.FRAMES.serve(link);
        RemotePeer peer = Library.FRAMES.connect(link, server.uri())) {
      List<Channel<Integer>> answers =
          IntStream.range(0, 1024).mapToObj(i -> Csp.go(() -> peer.plusOne(i))).toList();
      for (int i = 0; i < 1024; i++) {
        assertThat(answers.get(i).take()).isEqualTo(i + 1);
      }
    }
  }
}
