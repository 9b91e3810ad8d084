package dev.circulate.examples;

import dev.circulate.WritePort;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Interceptor;
import dev.circulate.service.Request;
import dev.circulate.service.Service;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every call of a service measured by Micrometer: how many, how long, and how they ended. */
public final class Metrics {
  private Metrics() {}

  public static void main(String[] args) throws InterruptedException {
    MeterRegistry registry = new SimpleMeterRegistry();
    WritePort<Request> service =
        Service.builder(new Calculator()).intercept(new Measuring(registry, "calculator")).open();
    Request.to(service, "get-42").done();
    Request.to(service, "plus-one").with("x", 1).done();
    try {
      Request.to(service, "plus-one").with("x", "many").done();
    } catch (CallException e) {
      IO.println(e.getMessage());
    }
    registry
        .find("circulate.calls")
        .timers()
        .forEach(timer -> IO.println(timer.getId().getTags() + ": " + timer.count()));
  }

  /**
   * Records each call as {@code circulate.calls}, with the service, the command and how it ended as
   * tags. A command that is unknown, or was refused before anybody looked, is not named: its name
   * is the caller's to choose, and each new one would be a time series more.
   *
   * @param registry where to record
   * @param service the service's name
   */
  record Measuring(MeterRegistry registry, String service) implements Interceptor {
    /** How a call may end whose command is perhaps none. */
    private static final Set<String> UNSURE =
        Set.of("unknown-command", "unknown-service", "unauthenticated", "refused");

    @Override
    public @Nullable Object intercept(Request request, Next next) throws Exception {
      Timer.Sample sample = Timer.start(registry);
      String outcome = "ok";
      try {
        return next.proceed(request);
      } catch (Throwable e) {
        outcome = CallError.of(e).code().id();
        throw e;
      } finally {
        String command = UNSURE.contains(outcome) ? "" : request.command();
        sample.stop(
            Timer.builder("circulate.calls")
                .tag("service", service)
                .tag("command", String.valueOf(command))
                .tag("outcome", outcome)
                .register(registry));
      }
    }
  }
}
