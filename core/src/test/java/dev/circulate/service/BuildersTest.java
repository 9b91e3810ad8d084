package dev.circulate.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.circulate.Csp;
import dev.circulate.WritePort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What can be set, and what not. */
@Timeout(60)
class BuildersTest {
  private final WritePort<Request> calculator = Service.of(new Calculator());

  @Test
  @DisplayName("a limit that nothing can keep, and a name that is not the caller's, are refused")
  void refused() {
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> Service.builder(new Calculator()).limit(0),
            () -> Service.clientBuilder(calculator, Calculator.Client.class).within(Duration.ZERO),
            () -> Request.to(calculator, "get-42").within(Duration.ZERO),
            () -> Request.to(calculator, "get-42").with("_meta", 1),
            () -> Answer.of("x", Duration.ZERO, () -> 1),
            () -> Root.named("a").add("", Csp.chan(), Visibility.PUBLIC))) {
      assertThatIllegalArgumentException().isThrownBy(call);
    }
  }

  @Test
  @DisplayName("one builder may open several, each with what was set until then")
  void several() throws Exception {
    List<String> asked = new ArrayList<>();
    Interceptor noting =
        (request, next) -> {
          asked.add(String.valueOf(request.command()));
          return next.proceed(request);
        };
    Interceptor none = (request, next) -> next.proceed(request);
    ServiceBuilder service = Service.builder(new Calculator()).intercept(none);
    RootBuilder root = Root.builder("a").intercept(none);
    ClientBuilder<Calculator.Client> client =
        Service.clientBuilder(calculator, Calculator.Client.class).intercept(none);
    WritePort<Request> firstService = service.open();
    Root firstRoot = root.open();
    Calculator.Client firstClient = client.open();
    WritePort<Request> secondService = service.intercept(noting).open();
    Root secondRoot = root.intercept(noting).open();
    Calculator.Client secondClient = client.intercept(noting).open();
    Request.to(firstService, "get-42").done();
    Request.to(firstRoot.port(), "name").done();
    assertThat(firstClient.get42()).isEqualTo(42);
    assertThat(asked).isEmpty();
    Request.to(secondService, "_ping").done();
    Request.to(secondRoot.port(), "name").done();
    assertThat(secondClient.get42()).isEqualTo(42);
    assertThat(asked).containsExactly("_ping", "name", "get-42");
  }
}
