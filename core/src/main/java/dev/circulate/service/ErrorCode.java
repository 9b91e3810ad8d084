package dev.circulate.service;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The closed family of reasons why a request was not answered with a value: the same code comes out
 * of a local call, a call to another address space, and a gateway.
 */
public enum ErrorCode {
  /** The caller's own limit for this request passed without an answer, or the command's timeout. */
  TIMEOUT,
  /** The deadline that the request is under passed, at the caller or at the service. */
  DEADLINE_EXCEEDED,
  /** The caller gave up first. */
  CANCELLED,
  /** There is no such service, or it is gone, or it is not for this caller to see. */
  UNKNOWN_SERVICE,
  /** The service has no such command. */
  UNKNOWN_COMMAND,
  /** The arguments fit no form of the command, or one does not convert to its parameter's type. */
  INVALID_ARGUMENT,
  /** The caller may not do this. */
  REFUSED,
  /** The caller has not proven who it is. */
  UNAUTHENTICATED,
  /** Too many requests are under way. */
  OVERLOADED,
  /** The peer that has the service is gone. */
  PEER_LOST,
  /** The service's own code threw. */
  FAILED,
  /** The answer is missing, makes no sense, or is not of the type that was asked for. */
  INTERNAL;

  private static final Map<String, ErrorCode> BY_ID = new HashMap<>();

  static {
    for (ErrorCode code : values()) {
      BY_ID.put(code.id(), code);
    }
  }

  /** The code as it stands in a message: in lower case, with hyphens. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The code that a message names.
   *
   * @param id as {@link #id()} gives it
   * @return the code; {@link #INTERNAL} for an id that is not known here
   */
  public static ErrorCode ofId(String id) {
    return BY_ID.getOrDefault(id, INTERNAL);
  }
}
