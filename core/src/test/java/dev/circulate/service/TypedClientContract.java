package dev.circulate.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.Csp;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** SV-5: what the methods of a typed client are, and throw. */
public abstract class TypedClientContract extends ServiceContractBase {
  /** The contract of services that are reached so. */
  protected TypedClientContract(Reach reach) {
    super(reach);
  }

  interface Renamed {
    @Command("add-two")
    int sum(@Named("first-one") int a, @Named("second") int b);
  }

  @Test
  @DisplayName("SV-5 a method and a parameter can have the names that the service gives them")
  void renamed() {
    assertThat(Service.client(service, Renamed.class).sum(1, 2)).isEqualTo(3);
  }

  interface Interruptible {
    String await() throws InterruptedException;
  }

  interface Failing {
    String await() throws Exception;
  }

  interface Uninterruptible {
    String await();
  }

  private String interrupted(Callable<String> call) throws Exception {
    Channel<String> outcome = Csp.chan(1);
    Thread caller =
        Thread.startVirtualThread(
            () -> {
              String what;
              try {
                what = call.call();
              } catch (CallException e) {
                what = e.error().code().id();
              } catch (Exception e) {
                what = e.getClass().getSimpleName();
              }
              outcome.offer(what + " " + Thread.currentThread().isInterrupted());
            });
    assertThat(everything.started.take()).isNotNull();
    caller.interrupt();
    return Objects.requireNonNull(outcome.take());
  }

  @Test
  @DisplayName("SV-5 an interrupt is thrown where it is declared, else cancelled and set again")
  void interrupts() throws Exception {
    assertThat(interrupted(Service.client(service, Interruptible.class)::await))
        .isEqualTo("InterruptedException false");
    assertThat(interrupted(Service.client(service, Failing.class)::await))
        .isEqualTo("InterruptedException false");
    assertThat(interrupted(Service.client(service, Uninterruptible.class)::await))
        .isEqualTo("cancelled true");
  }

  interface Alive {
    @Command("_ping")
    String ping();

    @Override
    String toString();
  }

  @Test
  @DisplayName("SV-5 SV-7 a check asks for no command of what every service, or object, has")
  void checkedForAll() throws Exception {
    Alive alive = Service.clientBuilder(service, Alive.class).openChecked();
    assertThat(alive.ping()).isEqualTo("pong");
    assertThat(alive.toString()).startsWith("Alive of ");
  }
}
