package dev.circulate.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.circulate.WritePort;
import dev.circulate.service.CallException;
import dev.circulate.service.Command;
import dev.circulate.service.ErrorCode;
import dev.circulate.service.Request;
import dev.circulate.service.Service;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The interceptors of the examples do what they say. */
class InterceptorsTest {
  @Test
  @DisplayName("each call is measured, under how it ended")
  void metrics() throws Exception {
    MeterRegistry registry = new SimpleMeterRegistry();
    WritePort<Request> service =
        Service.builder(new Calculator())
            .intercept(new Metrics.Measuring(registry, "calculator"))
            .open();
    Request.to(service, "get-42").done();
    Request.to(service, "get-42").done();
    assertThat(errorOf(() -> Request.to(service, "get-42").with("x", "8").done()))
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(errorOf(() -> Request.to(service, "no-such").done()))
        .isEqualTo(ErrorCode.UNKNOWN_COMMAND);
    assertThat(count(registry, "get-42", "ok")).isEqualTo(2);
    assertThat(count(registry, "get-42", "invalid-argument")).isEqualTo(1);
    assertThat(count(registry, "", "unknown-command")).isEqualTo(1);
  }

  @Test
  @DisplayName("what a caller without a token makes up is no name of a time series")
  void metricsOfStrangers() {
    MeterRegistry registry = new SimpleMeterRegistry();
    WritePort<Request> service =
        Service.builder(new Tokens.Diary())
            .intercept(new Metrics.Measuring(registry, "diary"))
            .intercept(new Tokens.Checking(Map.of("ada", "s3cret")))
            .open();
    for (String madeUp : new String[] {"a", "b", "read"}) {
      assertThat(errorOf(() -> Request.to(service, madeUp).done()))
          .isEqualTo(ErrorCode.UNAUTHENTICATED);
    }
    assertThat(count(registry, "", "unauthenticated")).isEqualTo(3);
  }

  static class Broken {
    @Command
    void fail() {
      throw new AssertionError("this cannot be");
    }
  }

  @Test
  @DisplayName("a call that ends with an Error is not measured as one that went well")
  void metricsOfErrors() {
    MeterRegistry registry = new SimpleMeterRegistry();
    WritePort<Request> service =
        Service.builder(new Broken()).intercept(new Metrics.Measuring(registry, "broken")).open();
    assertThat(errorOf(() -> Request.to(service, "fail").done())).isEqualTo(ErrorCode.FAILED);
    assertThat(count(registry, "fail", "failed")).isEqualTo(1);
  }

  private static long count(MeterRegistry registry, String command, String outcome) {
    Timer timer =
        registry.get("circulate.calls").tag("command", command).tag("outcome", outcome).timer();
    return timer.count();
  }

  @Test
  @DisplayName("who has no token, or another's, is refused; who has one is known")
  void tokens() throws Exception {
    WritePort<Request> diary =
        Service.builder(new Tokens.Diary())
            .intercept(new Tokens.Checking(Map.of("ada", "s3cret", "bob", "hunter2")))
            .open();
    for (String wrong : new String[] {"", "ada", "ada:", "ada:hunter2", ":s3cret", "eve:s3cret"}) {
      assertThat(errorOf(() -> Request.to(diary, "read").meta("token", wrong).done()))
          .isEqualTo(ErrorCode.UNAUTHENTICATED);
    }
    assertThat(Request.to(diary, "read").meta("token", "ada:s3cret").as(String.class))
        .isEqualTo("Dear diary, said ada");
  }

  private static ErrorCode errorOf(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(CallException.class, call).error().code();
  }
}
