package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.PeerLostException;
import dev.circulate.WritePort;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.Pending;
import dev.circulate.internal.PutHandler;
import dev.circulate.internal.PutSide;
import dev.circulate.internal.ReadFace;
import dev.circulate.internal.TakeHandler;
import dev.circulate.internal.TakeSide;
import dev.circulate.internal.WriteFace;
import dev.circulate.service.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A program that gives its channels to whoever asks, keeps those that it is given, and works with
 * both; all in one thread and decided by a seed. Each of its operations is booked, with its
 * outcome.
 */
final class Besieged {
  static final Limits LIMITS =
      Limits.builder()
          .window(8)
          .exports(40)
          .imports(40)
          .requests(12)
          .backlog(600)
          .beat(Duration.ofSeconds(5))
          .build();

  private static final int MOST_KEPT = 30;

  private final Random random;
  private final LocalChannel<Object> requests =
      LocalChannel.open(new Buffer.Rendezvous(), "root", null);
  private final List<LocalChannel<Object>> own = new ArrayList<>();
  private final List<Object> kept = new ArrayList<>();
  private final List<Request> unanswered = new ArrayList<>();
  private final List<Pending> waiting = new ArrayList<>();
  private int begun;
  private int ended;

  Besieged(Random random) {
    this.random = random;
    for (int i = 0; i < 3; i++) {
      own.add(LocalChannel.open(buffer(), "own " + i, _ -> {}));
    }
    serveNext();
  }

  private Buffer buffer() {
    return random.nextBoolean() ? new Buffer.Rendezvous() : new Buffer.Fixed(3);
  }

  @SuppressWarnings("unchecked") // what arrives there is looked at
  WritePort<Request> root() {
    return (WritePort<Request>) (WritePort<?>) requests.writePort();
  }

  // ---- what its root does

  private void serveNext() {
    requests.takeAsync(
        new TakeHandler<>() {
          @Override
          public void taken(Object value) {
            if (value instanceof Request request) {
              serve(request);
            }
            serveNext();
          }

          @Override
          public void ended(@Nullable Throwable cause) {}
        });
  }

  private void serve(Request request) {
    switch (String.valueOf(request.command())) {
      case "give" -> answer(request, face(own.get(random.nextInt(own.size()))));
      case "make" -> answer(request, LocalChannel.<Object>open(buffer(), "made", _ -> {}));
      case "keep" -> {
        Object given = request.argument("channel");
        if (given != null && kept.size() < MOST_KEPT) {
          kept.add(given);
        }
        answer(request, true);
      }
      case "home" -> answer(request, kept.isEmpty() ? "nothing" : kept.getLast());
      case "wait" -> unanswered.add(request);
      default -> answer(request, request.arguments());
    }
  }

  private Object face(LocalChannel<Object> channel) {
    return switch (random.nextInt(4)) {
      case 0 -> channel.writePort();
      case 1 -> channel.readPort();
      default -> channel;
    };
  }

  private void answer(Request request, Object value) {
    WritePort<Object> reply = request.replyTo();
    if (reply instanceof PutSide<?>) {
      put(reply, Map.of("answer", value));
    }
  }

  // ---- what its program does

  void act() {
    Object port =
        kept.isEmpty() || random.nextBoolean()
            ? own.get(random.nextInt(own.size()))
            : kept.get(random.nextInt(kept.size()));
    switch (random.nextInt(16)) {
      case 0, 1, 2, 3 -> put(port, "value");
      case 4, 5, 6, 7 -> take(port);
      case 8, 9 -> withdraw();
      case 10 -> close(port);
      case 11, 12 -> letGo(port);
      default -> answerOne();
    }
  }

  @SuppressWarnings("unchecked") // everything can be put here
  private void put(Object port, Object value) {
    if (!(port instanceof PutSide<?>)) {
      return;
    }
    begun++;
    LocalChannel<Object> channel = ((PutSide<Object>) port).putSide();
    waiting.add(
        channel.putAsync(
            value,
            new PutHandler() {
              @Override
              public void accepted() {
                ended++;
              }

              @Override
              public void refused() {
                ended++;
              }
            }));
  }

  private void take(Object port) {
    if (!(port instanceof TakeSide<?> takes)) {
      return;
    }
    begun++;
    waiting.add(
        takes
            .takeSide()
            .takeAsync(
                new TakeHandler<Object>() {
                  @Override
                  public void taken(Object value) {
                    ended++;
                  }

                  @Override
                  public void ended(@Nullable Throwable cause) {
                    ended++;
                  }
                }));
  }

  private void withdraw() {
    if (!waiting.isEmpty() && waiting.remove(random.nextInt(waiting.size())).withdraw()) {
      ended++;
    }
  }

  private void close(Object port) {
    if (random.nextInt(4) > 0) {
      return;
    }
    if (port instanceof ProxyChannel<?> proxy) {
      if (random.nextBoolean()) {
        proxy.close(new IllegalStateException("no more"));
      } else {
        proxy.cancel();
      }
    } else if (port instanceof LocalChannel<?> channel && own.remove(channel)) {
      channel.close();
      own.add(LocalChannel.open(buffer(), "own", _ -> {}));
    }
  }

  private void letGo(Object port) {
    ProxyChannel<?> proxy = proxy(port);
    if (proxy != null) {
      kept.removeIf(each -> proxy.equals(proxy(each)));
      withdrawAll(); // a proxy with an operation of the program's is not let go
      proxy.held().abandon();
    }
  }

  private static @Nullable ProxyChannel<?> proxy(Object port) {
    Object whole =
        switch (port) {
          case ReadFace<?> face -> face.channel();
          case WriteFace<?> face -> face.channel();
          default -> port;
        };
    return whole instanceof ProxyChannel<?> proxy ? proxy : null;
  }

  private void answerOne() {
    if (!unanswered.isEmpty()) {
      answer(unanswered.removeLast(), "late");
    }
  }

  private void withdrawAll() {
    while (!waiting.isEmpty()) {
      if (waiting.removeLast().withdraw()) {
        ended++;
      }
    }
  }

  // ---- the end

  /** The session is over: nothing of it waits here, and whatever was its is closed. */
  void assertFree() {
    for (Object port : kept) {
      ProxyChannel<?> proxy = proxy(port);
      if (proxy != null) {
        assertThat(proxy.isClosed()).as("DI-8 proxies close").isTrue();
      }
    }
    for (Request request : unanswered) {
      if (request.replyTo() instanceof Channel<?> reply) {
        assertThat(reply.isClosed()).as("DI-8 callers are gone").isTrue();
      }
    }
    withdrawAll();
    assertThat(ended).as("CH-1 operations that ended, of " + begun).isEqualTo(begun);
    for (LocalChannel<Object> channel : own) {
      assertThat(channel.waitingTakers()).as("takers that are left over").isZero();
      channel.drain(Integer.MAX_VALUE); // what was accepted stays, and makes room for puts
      channel.close();
    }
  }

  /** Why a session ended that did not end by itself. */
  static PeerLostException lost(String why) {
    return new PeerLostException("hostile", Objects.requireNonNull(why));
  }
}
