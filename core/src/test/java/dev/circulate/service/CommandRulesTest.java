package dev.circulate.service;

import static dev.circulate.service.TypeOf.mapOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.Deadline;
import dev.circulate.UncaughtHandler;
import dev.circulate.WritePort;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What can be a command, and how requests and answers are looked at by hand. */
class CommandRulesTest extends ServiceContractBase {
  CommandRulesTest() {
    super(service -> service);
  }

  static class Texts {
    @Command
    String echo(@Default("5") String x) {
      return x;
    }
  }

  @Test
  @DisplayName("SV-1 the default of a text is the text as it stands there")
  void textDefault() throws Exception {
    assertThat(Request.to(Service.of(new Texts()), "echo").as(String.class)).isEqualTo("5");
  }

  static class Soon {
    @Command(timeout = "soon")
    void x() {}
  }

  static class Never {
    @Command(timeout = "PT0S")
    void x() {}
  }

  static class Underscored {
    @Command
    void x(@Named("_meta") int a) {}
  }

  static class Nameless {
    @Command
    void x(@Named("") int a) {}
  }

  static class SameNames {
    @Command
    void x(@Named("a") int a, @Named("a") int b) {}
  }

  @Test
  @DisplayName("SV-1 so is a timeout that is none, and a name that no argument can have")
  void refusedNamesAndTimes() {
    for (Object target : List.of(new Soon(), new Never())) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Service.of(target))
          .withMessageContaining(".x: its timeout is a time like PT5S, not '");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Service.of(new Underscored()))
        .withMessage("Underscored.x: '_meta' cannot be the name of an argument");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Service.of(new Nameless()))
        .withMessage("Nameless.x: '' cannot be the name of an argument");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Service.of(new SameNames()))
        .withMessage("SameNames.x: two of its parameters are called 'a'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Service.client(service, java.util.Comparator.class))
        .withMessageContaining("the names of its parameters are not in the class file");
  }

  static class HalfReadOnly {
    @Command(readOnly = true)
    int x() {
      return 1;
    }

    @Command
    int x(int y) {
      return y;
    }
  }

  @Test
  @DisplayName("SV-3 a command is read-only if all of its forms are")
  void readOnly() throws Exception {
    assertThat(Request.to(Service.of(new HalfReadOnly()), "_commands").as(mapOf(Object.class)))
        .extracting("x")
        .extracting("read-only")
        .isEqualTo(false);
  }

  @Test
  @DisplayName("what is said beside the arguments is added to what was said before")
  void metaAdded() {
    Request first = Request.of(Map.of("_cmd", "x")).withMeta("token", "t");
    assertThat(first.withMeta("trace", 2).meta()).isEqualTo(Map.of("token", "t", "trace", 2));
    assertThat(first.meta()).isEqualTo(Map.of("token", "t"));
  }

  @Test
  @DisplayName(
      "an answer is done when it is there, though nobody has waited for it, or cannot come")
  void done() throws Exception {
    Channel<Request> service = Csp.chan(2);
    try (Answer<Integer> answer = Request.to(service, "x").begin(Integer.class);
        Answer<Integer> none = Request.to(service, "x").begin(Integer.class)) {
      assertThat(answer.isDone()).isFalse();
      Objects.requireNonNull(Objects.requireNonNull(service.take()).replyTo())
          .put(Map.of("answer", 1));
      assertThat(answer.isDone()).isTrue();
      assertThat(answer.get()).isEqualTo(1);
      assertThat(none.isDone()).isFalse();
      ((Channel<?>) Objects.requireNonNull(Objects.requireNonNull(service.take()).replyTo()))
          .close();
      assertThat(none.isDone()).isTrue();
    }
  }

  @Test
  @DisplayName("SV-6 DI-11 who is behind interceptors of a caller's is for whom the call came")
  void throughForOthers() throws Exception {
    WritePort<Request> through = Service.through(service);
    Channel<Object> reply = Csp.chan(1);
    through.put(
        Request.received(
            Map.of("_cmd", "caller", "_return", reply),
            new Origin.Remote("10.0.0.7", "alice"),
            Deadline.none()));
    assertThat(reply.take()).isEqualTo(Map.of("answer", "peer 10.0.0.7 (alice)"));
    through.put(Request.of(Map.of("_cmd", "await"))); // and nobody waits for the answer
    assertThat(everything.started.take()).isEqualTo("await");
    everything.release.countDown();
  }

  @Test
  @DisplayName("SV-4 a code that is not known here is internal; what has no message has its class")
  void unknownCode() {
    assertThat(CallError.fromData(Map.of("code", "on-strike", "message", "no work today")))
        .isEqualTo(new CallError.Internal("no work today"));
    assertThat(CallError.of(new IllegalStateException()).message())
        .isEqualTo("java.lang.IllegalStateException");
  }

  @Test
  @DisplayName("SV-4 what a command throws for which nobody waits is reported")
  void nobodyWaits() throws Exception {
    Channel<Throwable> told = Csp.chan(Csp.unbounded());
    UncaughtHandler before = Csp.setUncaughtHandler((_, thrown) -> told.offer(thrown));
    try {
      service.put(Request.of(Map.of("_cmd", "fail", "why", "disk full")));
      assertThat(told.take()).isInstanceOf(java.io.IOException.class).hasMessage("disk full");
    } finally {
      Csp.setUncaughtHandler(before);
    }
  }

  static class Patient {
    @Command(timeout = "PT1H")
    String sleep() throws InterruptedException {
      return String.valueOf(Csp.chan().take());
    }
  }

  @Test
  @DisplayName("SV-6 a command's own timeout gives no caller more time than it has")
  void earlierDeadline() throws Exception {
    Channel<Object> reply = Csp.chan(1);
    Service.of(new Patient())
        .put(
            Request.received(
                Map.of("_cmd", "sleep", "_return", reply),
                new Origin.Remote("test", null),
                Deadline.after(Duration.ofMillis(20))));
    assertThat(CallError.fromData(((Map<?, ?>) Objects.requireNonNull(reply.take())).get("error")))
        .isInstanceOf(CallError.DeadlineExceeded.class);
  }
}
