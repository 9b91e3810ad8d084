package dev.circulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The page for those who come from core.async leaves nothing out and names nothing that is not. */
class CoreAsyncNamesTest {
  private static final Path PAGE = Path.of("../docs/core-async.md");

  /** What {@code ns-publics} of {@code clojure.core.async} has, but for its protocols' methods. */
  private static final String NAMES =
      """
      <! <!! >! >!! admix alt! alt!! alts! alts!! buffer chan close! defblockingop do-alt do-alts
      dropping-buffer filter< filter> fn-handler go go-loop into io-thread ioc-alts! map map< map>
      mapcat< mapcat> merge mix mult offer! onto-chan onto-chan! onto-chan!! partition partition-by
      pipe pipeline pipeline-async pipeline-blocking poll! promise-chan pub put! reduce remove<
      remove> sliding-buffer solo-mode split sub take take! tap thread thread-call timeout to-chan
      to-chan! to-chan!! toggle transduce unblocking-buffer? unique unmix unmix-all unsub unsub-all
      untap untap-all Mix Mult Mux Pub
      """;

  private static final Pattern OURS = Pattern.compile("\\b([A-Z]\\w+)\\.([a-z]\\w+)");

  @Test
  @DisplayName("each public name of core.async stands in the page")
  void complete() throws IOException {
    String page = Files.readString(PAGE);
    List<String> missing =
        Arrays.stream(NAMES.strip().split("\\s+"))
            .filter(name -> !page.contains("`" + name + "`"))
            .toList();
    assertThat(missing).isEmpty();
  }

  @Test
  @DisplayName("what the page names exists")
  void exists() throws Exception {
    Matcher named = OURS.matcher(Files.readString(PAGE));
    int found = 0;
    while (named.find()) {
      Class<?> owner = owner(named.group(1));
      assertThat(owner.getMethods())
          .as(named.group())
          .anyMatch(method -> method.getName().equals(named.group(2)));
      found++;
    }
    assertThat(found).isGreaterThan(40);
  }

  private static Class<?> owner(String simpleName) throws ClassNotFoundException {
    String place = simpleName.equals("Gatherers") ? "java.util.stream." : "dev.circulate.";
    return Class.forName(place + simpleName);
  }
}
