package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Csp;
import dev.circulate.UncaughtHandler;
import dev.circulate.runtime.codec.Codec;
import dev.circulate.runtime.codec.Handlers;
import dev.circulate.service.Answer;
import dev.circulate.service.Request;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What goes wrong within this side while it hears its peer. */
class FailureTest {
  private record Heavy(String weight) {}

  @Test
  @DisplayName("DI-9 an error while a frame is heard ends the session in words, and is reported")
  void endsInWords() throws InterruptedException {
    Handlers handlers =
        Handlers.none()
            .with(
                "heavy",
                Heavy.class,
                Heavy::weight,
                _ -> {
                  throw new StackOverflowError("too heavy");
                });
    CompletableFuture<Throwable> reported = new CompletableFuture<>();
    UncaughtHandler before = Csp.setUncaughtHandler((_, failure) -> reported.complete(failure));
    Codec codec = Codec.JSON.with(handlers);
    try (TwoSpaces spaces = new TwoSpaces(Limits.DEFAULTS, codec, codec);
        Answer<?> _ =
            Request.to(spaces.bRootProxy(), "x")
                .with("heavy", new Heavy("much"))
                .begin(Object.class)) {
      assertThatThrownBy(() -> spaces.b.ended().take()).hasMessageContaining("this side failed");
      assertThat(reported.join()).isInstanceOf(StackOverflowError.class);
    } finally {
      Csp.setUncaughtHandler(before);
    }
  }
}
