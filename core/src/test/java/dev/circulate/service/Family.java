package dev.circulate.service;

import java.time.Duration;
import java.util.List;

/** One error of each kind. */
public final class Family {
  /** In the order of {@link ErrorCode}. */
  public static final List<CallError> ALL =
      List.of(
          new CallError.Timeout(Duration.ofSeconds(30), "took too long"),
          new CallError.DeadlineExceeded("too late"),
          new CallError.Cancelled("given up"),
          new CallError.UnknownService("no such service"),
          new CallError.UnknownCommand("no such command"),
          new CallError.InvalidArgument("does not fit"),
          new CallError.Refused("not allowed"),
          new CallError.Unauthenticated("who are you"),
          new CallError.Overloaded("too much"),
          new CallError.PeerLost("b", "gone"),
          new CallError.Failed("com.example.OutOfTea", "no tea", null),
          new CallError.Internal("a defect"));

  /** A service that answers each of them. */
  public static final class Failing {
    /** Fails with the error of a code. */
    @Command
    public void failWith(String code) {
      throw new CallException(
          ALL.stream().filter(error -> error.code().id().equals(code)).findFirst().orElseThrow());
    }
  }

  private Family() {}
}
