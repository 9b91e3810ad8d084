package dev.circulate.rabbitmq;

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
    ShutdownSignalException signal = signal(why);
    if (signal == null || !Mailbox.isRefusal(signal)) {
      return;
    }
    String words = Mailbox.reason(signal);
    if (!words.equals(last)) {
      last = words;
      Uncaught.report(who, new IOException("the broker refuses: " + words, why));
    }
  }

  private static @Nullable ShutdownSignalException signal(Exception why) {
    return why instanceof ShutdownSignalException itself
        ? itself
        : why.getCause() instanceof ShutdownSignalException cause ? cause : null;
  }
}
