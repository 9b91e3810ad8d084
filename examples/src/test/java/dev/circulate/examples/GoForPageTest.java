package dev.circulate.examples;

import static dev.circulate.Csp.chan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.WritePort;
import dev.circulate.runtime.Peer;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.Visibility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Our programs in docs/gofor.md are those of {@link GoForPrograms}, and they do what it says. */
class GoForPageTest {
  private static final Path PAGE = Path.of("..", "docs", "gofor.md");
  private static final Path SOURCE =
      Path.of("src/main/java/dev/circulate/examples/GoForPrograms.java");
  private static final Pattern OURS =
      Pattern.compile("### Circulate\n[^#]*?```java\n(.*?)```", Pattern.DOTALL);

  private final AtomicInteger counter = new AtomicInteger();
  private final WritePort<Request> calculator = Service.of(new Calculator());
  private final Root root =
      Root.named("b-root")
          .handler("inc", _ -> counter.incrementAndGet())
          .handler("get", _ -> counter.get())
          .add("42", calculator, Visibility.PUBLIC);

  @Test
  @DisplayName("the page holds the three programs as they are compiled")
  void sameText() throws IOException {
    List<String> shown =
        OURS.matcher(Files.readString(PAGE)).results().map(found -> found.group(1)).toList();
    assertThat(shown).hasSize(3);
    String source = Files.readString(SOURCE).replaceAll("(?m)^  ", "");
    assertThat(shown).allSatisfy(program -> assertThat(source).contains(program));
  }

  @Test
  @DisplayName("the first program adds a service and lists it, or says which step failed")
  void first() throws InterruptedException {
    assertThat(GoForPrograms.wombat(root.port()).take()).containsExactly("root", "42", "wombat2");
    assertThat(GoForPrograms.wombat(calculator).take())
        .singleElement()
        .asString()
        .startsWith("no root: service Calculator has no command 'get-service'");
  }

  @Test
  @DisplayName("the second program answers 42 and 43")
  void second() throws InterruptedException {
    assertThat(GoForPrograms.twoSteps(calculator).take()).containsExactly(42, 43);
  }

  @Test
  @DisplayName("the third program is the same here and with an address space between")
  void third() throws InterruptedException {
    assertThat(GoForPrograms.allTogetherNow(root.port()).take())
        .isEqualTo(new GoForPrograms.Result(1, Set.of("root", "42"), 42));
    Channel<String> there = chan(4);
    Channel<String> back = chan(4);
    try (Peer b = Peer.buildTransport(root.port(), there, back);
        Peer a = Peer.buildTransport(Root.named("a-root").port(), back, there)) {
      assertThat(GoForPrograms.allTogetherNow(a.root()).take())
          .isEqualTo(new GoForPrograms.Result(2, Set.of("root", "42"), 42));
      assertThat(b.lost()).isNull();
    }
  }
}
