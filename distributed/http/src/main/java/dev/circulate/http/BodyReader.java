package dev.circulate.http;

import dev.circulate.Alts;
import dev.circulate.Channel;
import dev.circulate.Csp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;

/**
 * Reads the body of a request, no more than it may have, and no longer than its answer is waited
 * for: who sends slowly waits as one does whose command is slow.
 *
 * @param limit how many bytes it may have
 * @param invocation what the body is for
 */
record BodyReader(int limit, Invocation invocation) {
  /** What ends the wait for more of a body. */
  private enum Wait {
    CAME,
    LATE,
    CUT_OFF
  }

  /**
   * All of it.
   *
   * @throws ProblemException if it has too much, or comes too late
   * @throws IOException if the client is gone before it has sent all
   */
  byte[] read(Content.Source source) throws IOException, InterruptedException {
    if (source.getLength() > limit) {
      throw new ProblemException(Problem.tooLarge(limit));
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean isLast = false;
    while (!isLast) {
      Content.Chunk chunk = source.read();
      if (chunk == null) {
        awaitMore(source);
      } else {
        isLast = add(chunk, body);
      }
    }
    return body.toByteArray();
  }

  /**
   * @return whether it was the last
   */
  private boolean add(Content.Chunk chunk, ByteArrayOutputStream body) throws IOException {
    if (Content.Chunk.isFailure(chunk, false)) {
      return false; // the connection was idle, as it may be
    }
    if (Content.Chunk.isFailure(chunk)) {
      throw failure(chunk.getFailure());
    }
    try {
      if (chunk.remaining() > limit - body.size()) {
        throw new ProblemException(Problem.tooLarge(limit));
      }
      byte[] bytes = new byte[chunk.remaining()];
      chunk.getByteBuffer().get(bytes);
      body.writeBytes(bytes);
      return chunk.isLast();
    } finally {
      chunk.release();
    }
  }

  private static IOException failure(Throwable why) {
    return switch (why) {
      case RuntimeException refused -> throw refused; // by the HTTP server
      case IOException gone -> gone;
      default -> new IOException(why);
    };
  }

  private void awaitMore(Content.Source source) throws InterruptedException {
    Channel<Wait> more = Csp.chan(1);
    source.demand(Invocable.from(InvocationType.NON_BLOCKING, () -> more.offer(Wait.CAME)));
    Wait ended =
        Alts.<Wait>first()
            .take(more, came -> came)
            .take(invocation.cutOff(), _ -> Wait.CUT_OFF)
            .timeout(invocation.deadline().remaining(), () -> Wait.LATE)
            .onClosed(() -> Wait.CUT_OFF)
            .priority()
            .await();
    switch (ended) {
      case CAME -> {}
      case LATE -> throw new ProblemException(Problem.slow(invocation.limit()));
      case CUT_OFF -> throw new ProblemException(Problem.stopping());
    }
  }
}
