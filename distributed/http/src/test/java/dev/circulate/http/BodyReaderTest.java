package dev.circulate.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Csp;
import dev.circulate.service.Origin;
import dev.circulate.service.Root;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A body that comes in pieces, with silence between them. */
class BodyReaderTest {
  /** Gives one piece after the other. */
  private record Pieces(Queue<Content.Chunk> left) implements Content.Source {
    Pieces(Content.Chunk... pieces) {
      this(new ArrayDeque<>(List.of(pieces)));
    }

    @Override
    public Content.@Nullable Chunk read() {
      return left.poll();
    }

    @Override
    public void demand(Runnable demanded) {
      if (!left.isEmpty()) {
        demanded.run();
      }
    }

    @Override
    public void fail(Throwable failure) {
      left.clear();
    }
  }

  private static Content.Chunk piece(String text, boolean last) {
    return Content.Chunk.from(ByteBuffer.wrap(text.getBytes(UTF_8)), last);
  }

  /** What Jetty says when nothing has come for as long as a connection may be idle. */
  private static Content.Chunk silence() {
    return Content.Chunk.from(new TimeoutException("idle"), false);
  }

  private static byte[] read(Duration limit, Content.Chunk... pieces) throws Exception {
    Invocation invocation =
        Invocation.of(
            Root.named("root").port(), new Origin.Remote("test", null), limit, Csp.<Void>chan());
    return new BodyReader(100, invocation).read(new Pieces(pieces));
  }

  @Test
  @DisplayName(
      "SV-6 a body may be silent for as long as its request has, whatever the connection says")
  void silent() throws Exception {
    assertThat(
            read(Duration.ofMinutes(1), piece("{", false), silence(), silence(), piece("}", true)))
        .asString(UTF_8)
        .isEqualTo("{}");
    assertThatThrownBy(() -> read(Duration.ofMillis(20), piece("{", false), silence()))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("did not come within PT0.02S");
  }

  @Test
  @DisplayName("a client that is gone is an end of the body")
  void gone() {
    IOException reset = new IOException("reset");
    assertThatThrownBy(
            () ->
                read(
                    Duration.ofMinutes(1),
                    piece("{", false),
                    Content.Chunk.from(reset, true),
                    piece("}", true)))
        .isSameAs(reset);
  }
}
