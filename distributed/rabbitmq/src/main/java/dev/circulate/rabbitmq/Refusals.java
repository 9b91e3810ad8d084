package dev.circulate.rabbitmq;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import dev.circulate.internal.Uncaught;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the broker refuses to somebody who asks again and again, with no caller to tell: the
 * uncaught handler is told of it once, and again when it is something else.
 */
final class Refusals {
  private final String who;
  private @Nullable String last;

  /**
   * None yet.
   *
   * @param who asks
   */
  Refusals(String who) {
    this.who = who;
  }

  /** An attempt failed: since the broker is away, or since it refuses what was asked. */
  void failed(Exception why) {
    String words = refusal(why);
    if (words != null && !words.equals(last)) {
      last = words;
      Uncaught.report(who, new IOException("the broker refuses: " + words, why));
    }
  }

  /** What the broker says of it; null if it refuses nothing. */
  private static @Nullable String refusal(Throwable why) {
    for (Throwable each = why; each != null; each = each.getCause()) {
      switch (each) {
        case AuthenticationFailureException login -> {
          return login.getMessage();
        }
        case ShutdownSignalException signal when Mailbox.isRefusal(signal) -> {
          return Mailbox.reason(signal);
        }
        default -> {}
      }
    }
    return null;
  }
}
