package dev.circulate.http;

import dev.circulate.Channel;
import dev.circulate.Scope;
import dev.circulate.service.CallException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a caller over HTTP can see of a root: its services, and what each can be asked. */
final class Catalog {
  private Catalog() {}

  /**
   * Asks for the documentation of each service's {@linkplain Commands#callable() callable}
   * commands, of all at once; one that does not answer is there without commands.
   *
   * @throws CallException if the root itself does not answer
   */
  static Map<String, Commands> of(Invocation invocation) throws InterruptedException {
    Map<String, Channel<Commands>> asked = new LinkedHashMap<>();
    Object names = invocation.ask(invocation.root(), "list", Map.of());
    try (Scope scope = Scope.open("catalog")) {
      for (Object name : names instanceof List<?> list ? list : List.of()) {
        String service = String.valueOf(name);
        asked.put(service, scope.go(() -> commands(invocation, service)));
      }
    }
    Map<String, Commands> services = new LinkedHashMap<>();
    for (Map.Entry<String, Channel<Commands>> each : asked.entrySet()) {
      services.put(each.getKey(), Objects.requireNonNull(each.getValue().take()));
    }
    return services;
  }

  /** All commands of one service. */
  static Commands of(Invocation invocation, String service) throws InterruptedException {
    return Commands.of(invocation.ask(service, "_commands", Map.of()));
  }

  private static Commands commands(Invocation invocation, String service)
      throws InterruptedException {
    try {
      return of(invocation, service).callable();
    } catch (CallException e) {
      return new Commands(Map.of());
    }
  }

  /** The catalog as data, for a page that a person reads. */
  static List<Map<String, @Nullable Object>> data(Map<String, Commands> services) {
    return services.entrySet().stream()
        .map(
            entry -> {
              Map<String, @Nullable Object> service = new LinkedHashMap<>();
              service.put("name", entry.getKey());
              service.put("commands", entry.getValue().byName());
              return service;
            })
        .toList();
  }
}
