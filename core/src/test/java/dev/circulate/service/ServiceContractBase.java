package dev.circulate.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.circulate.WritePort;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Timeout;

/** A service as its caller reaches it: itself, or what stands for it in another address space. */
@Timeout(60)
abstract class ServiceContractBase {
  final Everything everything = new Everything();
  final WritePort<Request> service;
  private final Reach reach;

  ServiceContractBase(Reach reach) {
    this.reach = reach;
    this.service = reached(reach, Service.of(everything));
  }

  /** A service as the caller has it. */
  final WritePort<Request> reach(WritePort<Request> service) {
    return reached(reach, service);
  }

  static WritePort<Request> reached(Reach reach, WritePort<Request> service) {
    try {
      return reach.of(service);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static CallError errorOf(ThrowingCallable call) {
    CallException thrown = catchThrowableOfType(CallException.class, call);
    assertThat(thrown).as("the call fails").isNotNull();
    return thrown.error();
  }
}
