package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.service.Request;
import dev.circulate.testkit.TestTime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * GO-5: a test that leaves a channel with a peer is told which. In a process of its own, since what
 * the sessions of other tests leave would be counted, too.
 */
class LeftOverTest {
  @Test
  @DisplayName("GO-5 a channel that a peer still holds is left over, by its name, until it is not")
  void heldByPeer() throws Exception {
    Process alone =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LeftOverTest.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(alone.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(alone.waitFor()).as(said).isZero();
  }

  /** The test itself, in a process without others. */
  public static void main(String[] args) throws InterruptedException {
    Channel<Object> orders = Channel.builder().name("orders").open();
    try (TwoSpaces spaces = new TwoSpaces()) { // classes are loaded before the patience begins
      Request.to(spaces.bRootProxy(), "name").done();
    }
    try (TestTime time = TestTime.install(Duration.ofSeconds(3))) {
      try (TwoSpaces spaces = new TwoSpaces()) {
        spaces.bRoot.handler("orders", _ -> orders);
        Channel<?> proxy = Request.to(spaces.bRootProxy(), "orders").as(Channel.class);
        assertThatThrownBy(time::assertNothingLeftOver)
            .hasMessageContaining("held by peer a: channel 'orders'");
        orders.close();
        assertThat(proxy.take()).isNull();
        assertThatThrownBy(time::assertNothingLeftOver)
            .hasMessageContaining("left over")
            .hasMessageNotContaining("held by peer");
      }
      time.assertNothingLeftOver();
    }
  }
}
