package dev.circulate.http;

import java.util.Objects;

/** Ends the work on a request: what is answered instead. */
final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1;

  @SuppressWarnings("serial") // never serialized
  private final Problem problem;

  ProblemException(Problem problem) {
    super(Objects.requireNonNull(problem, "problem").detail(), null, false, false);
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
