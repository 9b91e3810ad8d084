package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.service.Root;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The names of channels, and of sessions. */
class SecretsTest {
  private static final URI THERE = URI.create("memory://secrets");

  private static final int BITS = 128;
  private static final int NAMES = 10_000;

  /** Six standard deviations of a coin that is tossed so often. */
  private static final int TOLERANCE = 300;

  @Test
  @DisplayName("DI-9 a name is 128 bits, each as often set as not, and none comes twice")
  void random() {
    Set<String> names = new HashSet<>();
    int[] set = new int[BITS];
    for (int i = 0; i < NAMES; i++) {
      String name = Secrets.next();
      assertThat(name).matches("[0-9a-f]{32}");
      assertThat(names.add(name)).isTrue();
      BigInteger bits = new BigInteger(name, 16);
      for (int bit = 0; bit < BITS; bit++) {
        set[bit] += bits.testBit(bit) ? 1 : 0;
      }
    }
    for (int ones : set) {
      assertThat(ones).isBetween(NAMES / 2 - TOLERANCE, NAMES / 2 + TOLERANCE);
    }
  }

  @Test
  @DisplayName("DI-9 who knows one name knows no part of the next")
  void independent() {
    Set<String> parts = new HashSet<>();
    int names = 1_000;
    for (int i = 0; i < names; i++) {
      String name = Secrets.next();
      for (int at = 0; at < name.length(); at += 8) {
        parts.add(name.substring(at, at + 8));
      }
    }
    assertThat(parts).hasSizeGreaterThan(4 * names - 10); // 32 bits may be the same by chance
  }

  @Test
  @DisplayName("DI-9 such a name has each session, and each channel in it")
  void ofSessions() throws IOException, InterruptedException {
    Transport network = new MemoryTransport();
    Root root = Root.named("root").handler("give", _ -> chan());
    String hello = Rude.HELLO.replace("]", ",\"~:session\",\"\"]");
    List<String> sessions = new ArrayList<>();
    List<String> channels = new ArrayList<>();
    try (Server _ = Server.at(THERE).root(root).transport(network).start()) {
      for (int i = 0; i < 64; i++) {
        try (Rude peer = new Rude(network, THERE)) {
          sessions.add(in(peer.say(hello).heard(), "~:session\",\""));
          peer.call("give");
          channels.add(in(peer.heard("chan-guid"), "chan-guid\",[\""));
        }
      }
    }
    assertNoPattern(sessions);
    assertNoPattern(channels);
  }

  private static String in(String frame, String before) {
    int begin = frame.indexOf(before) + before.length();
    return frame.substring(begin, begin + BITS / 4);
  }

  /** That no bit is the same in all. */
  private static void assertNoPattern(List<String> names) {
    BigInteger none = BigInteger.ZERO;
    BigInteger all = BigInteger.ONE.shiftLeft(BITS).subtract(BigInteger.ONE);
    List<BigInteger> bits = names.stream().map(name -> new BigInteger(name, 16)).toList();
    assertThat(bits.stream().reduce(none, BigInteger::or)).isEqualTo(all);
    assertThat(bits.stream().reduce(all, BigInteger::and)).isEqualTo(none);
  }
}
