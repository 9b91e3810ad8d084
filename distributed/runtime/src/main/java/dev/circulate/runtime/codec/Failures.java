package dev.circulate.runtime.codec;

import dev.circulate.internal.Words;
import dev.circulate.runtime.session.RemoteFailureException;
import dev.circulate.service.CallException;
import dev.circulate.service.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Throwables as data: {@code {code, type, message}}, where nothing names a class to load. An error
 * of a call keeps its own code; whatever else was thrown has <em>failed</em>.
 */
final class Failures {
  private Failures() {}

  static Map<String, ? extends @Nullable Object> data(Throwable thrown) {
    return switch (thrown) {
      case CallException call -> call.error().toData();
      case RemoteFailureException remote ->
          failed(remote.origin().type(), remote.origin().message());
      default -> failed(thrown.getClass().getName(), Words.messageOf(thrown));
    };
  }

  private static Map<String, @Nullable Object> failed(String type, @Nullable String message) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>(8);
    data.put("code", ErrorCode.FAILED.id());
    data.put("type", Words.whole(type));
    data.put("message", message == null ? null : Words.whole(message));
    return data;
  }
}
