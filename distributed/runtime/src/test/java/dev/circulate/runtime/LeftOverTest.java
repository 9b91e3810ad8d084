package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.service.Request;
import dev.circulate.testkit.TestTime;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** GO-5: a test that leaves a channel with a peer is told which. */
class LeftOverTest {
  @Test
  @DisplayName("GO-5 a channel that a peer still holds is left over, by its name, until it is not")
  void heldByPeer() throws InterruptedException {
    Channel<Object> orders = Channel.builder().name("orders").open();
    try (TwoSpaces spaces = new TwoSpaces()) { // classes are loaded before the patience begins
      Request.to(spaces.bRootProxy(), "name").done();
    }
    try (TestTime time = TestTime.install(Duration.ofSeconds(2))) {
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
