package dev.circulate.service;

import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What every service and root answers beside its own commands: {@code _commands}, {@code _ping} and
 * so on.
 */
record Introspection(Supplier<Map<String, Object>> docs, Stats stats, Receiver.Responder commands)
    implements Receiver.Responder {

  private static final Set<String> NAMES = Set.of("_commands", "_ping", "_stats", "_health");

  /** Whether a command is one of these. */
  static boolean has(String command) {
    return NAMES.contains(command);
  }

  @Override
  public @Nullable Object respond(Request request) throws Exception {
    return switch (request.command()) {
      case "_commands" -> docs.get();
      case "_ping" -> "pong";
      case "_stats" -> stats.toData();
      case "_health" -> Map.of("status", "up");
      case null, default -> commands.respond(request);
    };
  }

  @Override
  public @Nullable CommandTimeout timeout(Request request) {
    return commands.timeout(request);
  }
}
