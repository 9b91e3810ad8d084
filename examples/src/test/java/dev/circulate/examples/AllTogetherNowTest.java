package dev.circulate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@link AllTogetherNow} says what is wrong. */
class AllTogetherNowTest {
  /** The program, where its server's class is not found. */
  static final class WithoutServer {
    private WithoutServer() {}

    public static void main(String[] args) throws Exception {
      System.setProperty("java.class.path", "nowhere");
      AllTogetherNow.main(args);
    }
  }

  @Test
  @DisplayName("a server that does not start is named as what is wrong")
  void noServer() throws Exception {
    try (Program program =
        Program.start(System.getProperty("java.class.path"), WithoutServer.class.getName())) {
      assertThat(program.awaitEnd(Duration.ofMinutes(2))).isNotZero();
      assertThat(program.said()).contains("java.io.IOException: the server did not start");
    }
  }
}
