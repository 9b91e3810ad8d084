package dev.circulate.browser;

import static java.util.Objects.requireNonNull;

import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.runtime.Authenticator;
import dev.circulate.runtime.Server;
import dev.circulate.service.CallException;
import dev.circulate.service.Command;
import dev.circulate.service.Default;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.TypeOf;
import dev.circulate.service.Visibility;
import dev.circulate.websocket.OriginPolicy;
import dev.circulate.websocket.WebSocketOptions;
import dev.circulate.websocket.WebSocketTransport;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.jspecify.annotations.Nullable;

/** The Java side of the laws that are run in JavaScript: what these need of a server. */
final class LawsServer implements AutoCloseable {
  private final Map<String, Channel<?>> left = new ConcurrentHashMap<>();
  private final Channel<String> interrupted = Csp.chan(Csp.unbounded());
  private final Server server;
  private final Server guarded;
  private final Relay relay;

  LawsServer() throws IOException {
    // the page asks at the ports of the relay and of the guarded server, too
    WebSocketTransport anyPage =
        new WebSocketTransport(
            WebSocketOptions.DEFAULTS.withOrigins(OriginPolicy.OWN.allowing("*")));
    WebSocketTransport transport = anyPage.sharing(links -> withTests(BrowserPeer.beside(links)));
    URI anyPort = URI.create("ws://127.0.0.1:0/csp");
    this.server = Server.at(anyPort).transport(transport).root(root()).start();
    this.guarded =
        Server.at(anyPort)
            .transport(anyPage)
            .root(Root.named("guarded").handler("who", request -> request.origin().toString()))
            .authenticator(Authenticator.bearer(Map.of("a secret", "alice")::get))
            .start();
    this.relay = new Relay(server.uri());
  }

  private static Handler withTests(Handler module) {
    ResourceHandler files = new ResourceHandler();
    files.setBaseResource(ResourceFactory.root().newResource(Path.of("target", "tests")));
    return new Handler.Sequence(module, files);
  }

  URI uri() {
    return server.uri();
  }

  URI relayUri() {
    return relay.uri();
  }

  /** Where only who shows the token is let in. */
  URI guardedUri() {
    return guarded.uri();
  }

  /** Where the page is that runs the laws. */
  URI page() {
    return URI.create(
        "http://127.0.0.1:%d/laws.html?relay=%s&guarded=%s"
            .formatted(uri().getPort(), relayUri(), guardedUri()));
  }

  private Root root() {
    Root root =
        Root.named("laws")
            .handler("open", request -> Csp.chan(buffer(request)))
            .handler("leave", request -> left.put(text(request, "key"), channel(request)) == null)
            .handler("fetch", request -> left.remove(text(request, "key")))
            .handler("held", _ -> held())
            .handler("echo", request -> request.argument("value"))
            .handler("values", _ -> values())
            .handler("describe", request -> describe(request.argument("value")))
            .handler("cut", _ -> cut())
            .handler("shut", request -> shut((Boolean) requireNonNull(request.argument("away"))))
            .handler("interrupted", _ -> interrupted.poll(Duration.ofSeconds(30)))
            .handler("ask-back", LawsServer::askBack);
    return root.add("streams", Service.of(new Streams()), Visibility.PUBLIC)
        .add("calculator", Service.of(new Calculator()), Visibility.PUBLIC)
        .add("hidden", Service.of(new Calculator()), Visibility.PRIVATE);
  }

  // ---- channels

  private static Buffer buffer(Request request) {
    int capacity = request.argument("capacity") instanceof Number number ? number.intValue() : 1;
    return switch (text(request, "kind")) {
      case "fixed" -> Csp.fixed(capacity);
      case "sliding" -> Csp.sliding(capacity);
      case "dropping" -> Csp.dropping(capacity);
      case "promise" -> Csp.promise();
      default -> new Buffer.Rendezvous();
    };
  }

  private static String text(Request request, String name) {
    return (String) requireNonNull(request.argument(name), name);
  }

  private static Channel<?> channel(Request request) {
    return (Channel<?>) requireNonNull(request.argument("channel"), "channel");
  }

  private Map<String, Integer> held() {
    return Map.of(
        "exports", server.peers().stream().mapToInt(peer -> peer.held().exports()).sum(),
        "imports", server.peers().stream().mapToInt(peer -> peer.held().imports()).sum());
  }

  // ---- values

  private static Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("int", 42);
    values.put("long", 42L);
    values.put("large", Long.MAX_VALUE);
    values.put("double", 1.5);
    values.put("nan", Double.NaN);
    values.put("text", "~tilde, ^caret, `tick and \uD83D\uDE00");
    values.put("moment", Instant.parse("2026-11-23T10:15:30.123Z"));
    values.put("nanos", Instant.parse("2026-11-23T10:15:30.123456789Z"));
    values.put("duration", Duration.ofMinutes(90));
    values.put("uuid", UUID.fromString("d2c1e6c0-7a6e-4b6e-9a3e-1f2e3d4c5b6a"));
    values.put("big", new BigInteger("123456789012345678901234567890"));
    values.put("decimal", new BigDecimal("1.10"));
    values.put("bytes", new byte[] {1, 2, -1});
    values.put("list", List.of(1, "two", 3.5));
    values.put("set", Set.of("only"));
    values.put("keyed", Map.of(7, "seven"));
    values.put("uri", URI.create("https://example.org/a?b=c"));
    values.put("proto", Map.of("__proto__", "a key like any other"));
    return values;
  }

  /** Which types a value, and what is in it, arrived with. */
  private static String describe(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case List<?> list -> list.stream().map(LawsServer::describe).toList().toString();
      default -> value.getClass().getSimpleName() + " " + value;
    };
  }

  // ---- links

  private boolean cut() {
    relay.cut();
    return true;
  }

  private boolean shut(boolean away) {
    relay.shut(away);
    return true;
  }

  // ---- the other way round

  /** Asks the page: {@code command} of its {@code root}; answers the answer or the error's code. */
  @SuppressWarnings("unchecked")
  private static Object askBack(Request request) throws InterruptedException {
    WritePort<Request> root = (WritePort<Request>) requireNonNull(request.argument("root"));
    var call = Request.to(root, text(request, "command"));
    if (request.argument("arguments") instanceof Map<?, ?> arguments) {
      arguments.forEach((name, value) -> call.with((String) name, value));
    }
    if (request.argument("millis") instanceof Number millis) {
      call.within(Duration.ofMillis(millis.longValue()));
    }
    try {
      return Map.of("answer", call.as(TypeOf.of(Object.class)));
    } catch (CallException e) {
      return Map.of("code", e.error().code().id(), "message", e.error().message());
    }
  }

  /** Streams in both directions. */
  final class Streams {
    @Command(doc = "Puts the numbers from 0 on, and closes.")
    int put(Channel<Object> to, int count) throws InterruptedException {
      int accepted = 0;
      while (accepted < count && to.put(accepted)) {
        accepted++;
      }
      to.close();
      return accepted;
    }

    @Command(
        doc = "Takes until the end; answers how many, and whether they were 0, 1, 2 and so on.")
    Map<String, Object> take(ReadPort<Object> from) throws InterruptedException {
      int taken = 0;
      boolean inOrder = true;
      for (Object value = from.take(); value != null; value = from.take()) {
        inOrder &= value.equals(taken++);
      }
      return Map.of("taken", taken, "in-order", inOrder);
    }

    @Command(doc = "Waits until it is interrupted.")
    void waitForEver() throws InterruptedException {
      try {
        Csp.chan().take();
      } catch (InterruptedException e) {
        interrupted.offer("interrupted");
        throw e;
      }
    }
  }

  /** The article's. */
  static final class Calculator {
    @Command(value = "get-42", doc = "Answers 42, or x + 42.")
    int get42(@Default("0") int x) {
      return 42 + x;
    }

    @Command
    int plusOne(int x) {
      return x + 1;
    }

    @Command
    int fail() {
      throw new IllegalStateException("it went wrong");
    }
  }

  @Override
  public void close() throws IOException {
    relay.close();
    guarded.close();
    server.close();
  }
}
