package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.go;
import static dev.circulate.contract.Forked.fork;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.contract.Forked;
import dev.circulate.runtime.codec.PacketCodec;
import dev.circulate.runtime.session.Packet;
import dev.circulate.service.Origin;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DI-11: a link can demand proof of who the peer is before its root answers anything. */
class AuthenticationTest {
  private static final URI THERE = URI.create("memory://authenticated");
  private static final String HELLO =
      "[\"^ \",\"~:type\",\"~:hello\",\"~:version\",1,\"~:name\",\"stranger\"]";
  private static final String CALL =
      "[\"^ \",\"~:type\",\"~:batch\",\"~:number\",1,\"~:messages\",[[\"^"
          + " \",\"~:type\",\"~:forward\",\"~:target\",\"root\",\"~:body\",[\"^"
          + " \",\"~:_cmd\",\"who\",\"~:_return\",[\"~#chan-guid\",[\"0a\",\"p\",true]]]]]]";

  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger called = new AtomicInteger();
  private final Authenticator tokens =
      Authenticator.bearer(
          token -> {
            asked.incrementAndGet();
            return Map.of("secret", "alice").get(token);
          });
  private final Root root =
      Root.named("guarded")
          .handler("who", _ -> called.incrementAndGet() + " " + nameOf(Origin.current()))
          .handler("where", _ -> ((Origin.Remote) Origin.current()).peer())
          .handler("who-in-block", _ -> go(() -> nameOf(Origin.current())).take());
  private final Cuttable network = new Cuttable();
  private Server server;

  private static String nameOf(Origin origin) {
    return origin instanceof Origin.Remote remote ? String.valueOf(remote.identity()) : "local";
  }

  @BeforeEach
  void start() throws IOException {
    server = Server.at(THERE).root(root).authenticator(tokens).transport(network).start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private PeerBuilder peer() {
    return Peer.to(THERE).transport(network);
  }

  @Test
  @DisplayName("DI-11 who shows nothing is refused in words, and its root call never happens")
  void nothingShown() throws IOException, InterruptedException {
    assertThatThrownBy(() -> peer().connect())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(THERE.toString())
        .hasMessageContaining("nothing was shown that proves who you are")
        .hasMessageContaining("Bearer realm");
    assertThat(server.peers()).isEmpty();
    try (Link link = network.connect(THERE)) {
      assertThat(link.outgoing().put(new Frame.Text(HELLO))).isTrue();
      link.outgoing().put(new Frame.Text(CALL));
      assertThat(link.incoming().stream())
          .singleElement()
          .isInstanceOfSatisfying(
              Frame.Text.class,
              frame -> assertThat(frame.text()).contains("~:bye", "unauthenticated"));
    }
    assertThat(called).hasValue(0);
  }

  @Test
  @DisplayName("DI-11 who shows what nobody knows is refused in words, which do not repeat it")
  void wrongToken() {
    assertThatThrownBy(() -> peer().credentials(Credentials.bearer("guess")).connect())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("what was shown does not prove who you are")
        .hasMessageNotContaining("guess");
    assertThatThrownBy(() -> peer().credentials(Credentials.basic("alice", "secret")).connect())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not prove");
  }

  @Test
  @DisplayName("DI-11 a secret proves nothing under another scheme than the one that is asked for")
  void otherScheme() throws Exception {
    Authenticator tokens = Authenticator.bearer(token -> token);
    Authenticator passwords = Authenticator.basic((_, _) -> true);
    Credentials password = Credentials.basic("alice", "secret");
    assertThat(tokens.identify(new Shown("a", new Credentials("Token", "secret")))).isNull();
    assertThat(tokens.identify(new Shown("b", password))).isNull();
    Credentials bearer = Credentials.bearer(password.secret());
    assertThat(passwords.identify(new Shown("c", bearer))).isNull();
    assertThat(passwords.identify(new Shown("d", password))).isEqualTo("alice");
  }

  @Test
  @DisplayName("DI-11 a service sees who calls, and so do the go blocks that it starts")
  void identified() throws IOException, InterruptedException {
    try (Peer peer = peer().credentials(Credentials.bearer("secret")).connect()) {
      assertThat(Request.to(peer.root(), "who").as(String.class)).isEqualTo("1 alice");
      assertThat(Request.to(peer.root(), "who-in-block").as(String.class)).isEqualTo("alice");
      assertThat(server.peers()).singleElement().extracting(Peer::identity).isEqualTo("alice");
      String where = Request.to(peer.root(), "where").as(String.class);
      assertThat(server.peers()).singleElement().hasToString("peer " + where);
    }
  }

  @Test
  @DisplayName("DI-11 DI-7 a session that goes on over another link is still the same peer's")
  void resumed() throws IOException, InterruptedException {
    try (Peer peer = peer().credentials(Credentials.bearer("secret")).connect()) {
      assertThat(Request.to(peer.root(), "who").as(String.class)).isEqualTo("1 alice");
      network.cut();
      assertThat(Request.to(peer.root(), "who").as(String.class)).isEqualTo("2 alice");
      assertThat(network.made()).isGreaterThan(1);
      assertThat(asked).as("asked once for the session").hasValue(1);
    }
  }

  @Test
  @DisplayName("DI-11 nothing is said to a stranger but why it is refused, whatever it sends")
  void impatientStranger() throws InterruptedException {
    Channel<String> fromStranger = chan(16);
    Channel<String> toStranger = chan(16);
    fromStranger.put(HELLO);
    fromStranger.put(CALL);
    try (Peer stranger =
        Peer.over(new StringLink(fromStranger, toStranger))
            .root(root)
            .authenticator(tokens)
            .begin()) {
      assertThat(toStranger.stream().toList())
          .singleElement()
          .asString()
          .contains("~:bye", "unauthenticated")
          .doesNotContain("guarded");
      assertThat(stranger.lost()).hasMessageContaining("was refused");
    }
    assertThat(called).hasValue(0);
  }

  @Test
  @DisplayName(
      "DI-11 a call that comes right behind the hello waits for what the authenticator says")
  void callBehindHello() throws InterruptedException {
    Channel<String> from = chan(16);
    Channel<String> to = chan(16);
    Channel<String> verdict = chan();
    from.put(HELLO);
    from.put(CALL);
    try (Peer peer =
        Peer.over(new StringLink(from, to)).root(root).authenticator(_ -> verdict.take()).begin()) {
      assertThat(to.poll(Duration.ofMillis(50))).isNull();
      assertThat(called).hasValue(0);
      verdict.put("bob");
      assertThat(to.take()).contains("~:hello");
      assertThat(to.take()).contains("1 bob");
      assertThat(peer.identity()).isEqualTo("bob");
    }
  }

  @Test
  @DisplayName("DI-11 an authenticator that fails refuses, and does not tell why")
  void failingAuthenticator() throws IOException {
    server.close();
    server =
        Server.at(THERE)
            .root(root)
            .transport(network)
            .authenticator(
                _ -> {
                  throw new IllegalStateException("no route to directory.internal");
                })
            .start();
    assertThatThrownBy(() -> peer().credentials(Credentials.bearer("secret")).connect())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be found out who you are")
        .hasMessageNotContaining("directory");
  }

  @Test
  @DisplayName("DI-11 credentials that cannot be read are none that prove anything")
  void unreadable() throws InterruptedException {
    assertThat(wordsFor("Be\tarer secret", tokens)).contains("~:bye", "unauthenticated");
  }

  @Test
  @DisplayName("DI-11 an authenticator refuses also when it, or its challenge, fails badly")
  void failingBadly() throws InterruptedException {
    assertThat(
            wordsFor(
                "Bearer secret",
                _ -> {
                  throw new NoClassDefFoundError("directory.internal");
                }))
        .contains("~:bye", "internal", "cannot be found out who you are")
        .doesNotContain("directory");
    assertThat(wordsFor("Bearer secret", new Unchallenging()))
        .contains("~:bye", "internal", "cannot be found out who you are");
  }

  /** Knows nobody, and cannot say what it expects. */
  private static final class Unchallenging implements Authenticator {
    @Override
    public @Nullable String identify(Caller caller) {
      return null;
    }

    @Override
    public String challenge() {
      throw new IllegalStateException("no route to directory.internal");
    }
  }

  /** All that is said to who shows this. */
  private String wordsFor(String credentials, Authenticator authenticator)
      throws InterruptedException {
    Channel<String> from = chan(1);
    Channel<String> to = chan(16);
    from.put(
        PacketCodec.write(new Packet.Hello(1, "stranger", List.of(), null, 0, 64, credentials)));
    try (Peer _ =
        Peer.over(new StringLink(from, to)).root(root).authenticator(authenticator).begin()) {
      return String.join("\n", to.stream().toList());
    }
  }

  @Test
  @DisplayName("DI-11 both sides can demand it, where both have something to show")
  void mutual() throws InterruptedException {
    MemoryLink.Pair pair = MemoryLink.pair("a", "b");
    try (Peer b =
            Peer.over(pair.near())
                .credentials(Credentials.bearer("secret"))
                .authenticator(Authenticator.basic((_, password) -> password.equals("word")))
                .begin();
        Peer a =
            Peer.over(pair.far())
                .root(root)
                .credentials(Credentials.basic("server", "word"))
                .authenticator(tokens)
                .begin()) {
      assertThat(Request.to(b.root(), "who").as(String.class)).isEqualTo("1 alice");
      assertThat(b.identity()).isEqualTo("server");
      assertThat(a.identity()).isEqualTo("alice");
    }
  }

  @Test
  @DisplayName(
      "DI-11 who shows something first says nothing else before the peer has proven itself")
  void mutualStranger() throws InterruptedException {
    ScriptedLink link = new ScriptedLink();
    try (Peer peer =
        Peer.over(link)
            .credentials(Credentials.bearer("secret"))
            .authenticator(Authenticator.basic((_, password) -> password.equals("word")))
            .begin()) {
      assertThat(peer.root().offer(Request.of(Map.of(Request.COMMAND, "for no stranger"))))
          .isTrue();
      assertThat(link.heard()).isInstanceOf(Packet.Hello.class);
      Forked<Packet> next = fork(link::heard);
      link.say(new Packet.Hello(1, "stranger", List.of(), null, 0, 64, "Bearer guess"));
      assertThat(next.join())
          .isInstanceOfSatisfying(
              Packet.Bye.class, bye -> assertThat(bye.code()).isEqualTo("unauthenticated"));
    }
  }

  @Test
  @DisplayName("DI-11 a peer of the original has nothing to show, and is told so in its dialect")
  void original() throws InterruptedException {
    Channel<String> from = chan(16);
    Channel<String> to = chan(16);
    from.put("[\"^ \",\"~:type\",\"~:hello\",\"~:guid\",\"S1\"]");
    try (Peer peer = Peer.over(new StringLink(from, to)).root(root).authenticator(tokens).begin()) {
      assertThatThrownBy(() -> peer.ended().take()).hasMessageContaining("was refused");
      assertThat(to.stream().toList())
          .singleElement()
          .asString()
          .contains("~:bye")
          .contains("~:guid");
    }
    assertThat(called).hasValue(0);
  }

  @Test
  @DisplayName("DI-11 a secret is not told by whatever is printed")
  void secrets() {
    assertThat(Credentials.bearer("secret")).hasToString("Bearer …");
    assertThat(new Packet.Hello(1, "bob", List.of(), "secret", 0, 64, "Bearer secret"))
        .hasToString("hello of 'bob', version 1");
    assertThat(new Packet.Resume("secret", 7)).hasToString("resume after batch 7");
    assertThat(Credentials.parse("bearer  secret")).isEqualTo(new Credentials("bearer", "secret"));
    assertThat(Credentials.parse("secret")).isNull();
    assertThat(Credentials.parse(" secret")).isNull();
    assertThat(Credentials.parse("Be\tarer secret")).isNull();
    assertThat(Credentials.parse("Bearer\tsecret")).isNull();
    assertThat(Credentials.parse("Bearer ")).isNull();
    assertThat(Credentials.parse(null)).isNull();
  }

  @Test
  @DisplayName("DI-11 credentials that nobody could read as what they are cannot be made")
  void unwritable() {
    for (String scheme : List.of("", "two words")) {
      assertThatThrownBy(() -> new Credentials(scheme, "secret"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a scheme is one word")
          .hasMessageNotContaining("secret");
    }
    assertThatThrownBy(() -> Credentials.bearer(" ")).hasMessageContaining("without a secret");
    assertThatThrownBy(() -> Credentials.basic("a:b", "c")).hasMessageContaining("has no colon");
  }

  private record Shown(String peer, Credentials credentials) implements Authenticator.Caller {}

  @Test
  @DisplayName("DI-11 a password may have colons, and a scheme's name any letters, as in HTTP")
  void asInHttp() throws Exception {
    Authenticator names =
        Authenticator.basic((name, password) -> (name + " " + password).equals("bob a:b:c"));
    assertThat(names.identify(new Shown("x", Credentials.basic("bob", "a:b:c")))).isEqualTo("bob");
    Authenticator anybody = Authenticator.basic((_, _) -> true);
    assertThat(anybody.identify(new Shown("x", Credentials.basic("bob", "")))).isEqualTo("bob");
    for (String noPair : List.of("no Base64", "Ym9i")) {
      assertThat(anybody.identify(new Shown("x", new Credentials("Basic", noPair)))).isNull();
    }
    assertThat(tokens.identify(new Shown("x", new Credentials("bEARER", "secret"))))
        .isEqualTo("alice");
    assertThat(tokens.identify(new Shown("x", new Credentials("Digest", "secret")))).isNull();
  }
}
