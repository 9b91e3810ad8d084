package dev.circulate.runtime;

import dev.circulate.WritePort;
import dev.circulate.service.CallError;
import dev.circulate.service.Request;
import java.util.Map;

/** What a request that nobody will serve is answered with. */
final class ErrorAnswer {
  private ErrorAnswer() {}

  /** The answer's message. */
  static Map<String, ?> of(CallError error) {
    return Map.of("error", error.toData());
  }

  /** Answers a request; false if there is nobody who is told. Never blocks. */
  static boolean tell(Request request, CallError error) {
    WritePort<Object> reply = request.replyTo();
    return reply != null && reply.offer(of(error));
  }
}
