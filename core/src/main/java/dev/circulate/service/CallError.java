package dev.circulate.service;

import dev.circulate.PeerLostException;
import dev.circulate.internal.Words;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was not answered with a value: one closed family that a {@code switch} exhausts.
 *
 * {@snippet :
 * switch (error) {
 *   case CallError.Timeout t -> log("{} timed out after {}", variable, t.after());
 *   case CallError.PeerLost p -> reconnect(p.peer());
 *   case CallError other -> log("{}: {}", variable, other.message());
 * }
 * }
 *
 * <p>In a message an error is plain data, {@link #toData()}: {@code {code: "unknown-command",
 * message: …}} and what else the record holds.
 */
public sealed interface CallError {
  /** Which of the twelve reasons it is. */
  ErrorCode code();

  /** What happened, for a person: names what came, what was expected, and by whom. */
  String message();

  /**
   * The time for this request passed: the caller's limit, or the timeout of the command.
   *
   * @param after the limit, or the timeout
   * @param message what happened
   */
  record Timeout(Duration after, String message) implements CallError {
    @Override
    public ErrorCode code() {
      return ErrorCode.TIMEOUT;
    }
  }

  /**
   * The request's deadline passed, at the caller or at the service.
   *
   * @param message what happened
   */
  record DeadlineExceeded(String message) implements CallError {
    @Override
    public ErrorCode code() {
      return ErrorCode.DEADLINE_EXCEEDED;
    }
  }

  /**
   * The caller gave up.
   *
   * @param message what happened
   */
  record Cancelled(String message) implements CallError {
    @Override
    public ErrorCode code() {
      return ErrorCode.CANCELLED;
    }
  }

  /**
   * There is no such service for this caller.
   *
   * @param message what happened
   */
  record UnknownService(String message) implements CallError {
    @Override
    public ErrorCode code() {
      return ErrorCode.UNKNOWN_SERVICE;
    }
  }

  /**
   * The service has no such command.
   *
   * @param message what happened
   */
  record UnknownCommand(String message) implements CallError {
    @Override
    public ErrorCode code() {
      return ErrorCode.UNKNOWN_COMMAND;
    }
  }

  /**
   * The arguments do not fit.
   *
   * @param message what was expected and what came
   */
  record InvalidArgument(String message) implements CallError {
    @Override
    public ErrorCode code() {
      return ErrorCode.INVALID_ARGUMENT;
    }
  }

  /**
   * The caller may not do this.
   *
   * @param message what happened
   */
  record Refused(String message) implements CallError {
    @Override
    public ErrorCode code() {
      return ErrorCode.REFUSED;
    }
  }

  /**
   * The caller has not proven who it is.
   *
   * @param message what happened
   */
  record Unauthenticated(String message) implements CallError {
    @Override
    public ErrorCode code() {
      return ErrorCode.UNAUTHENTICATED;
    }
  }

  /**
   * Too many requests are under way at the service.
   *
   * @param message what happened, with the limit
   */
  record Overloaded(String message) implements CallError {
    @Override
    public ErrorCode code() {
      return ErrorCode.OVERLOADED;
    }
  }

  /**
   * The peer that has the service is gone.
   *
   * @param peer who it was, in words
   * @param message what happened
   */
  record PeerLost(String peer, String message) implements CallError {
    @Override
    public ErrorCode code() {
      return ErrorCode.PEER_LOST;
    }

    /**
     * The error of a request whose peer was lost before it answered.
     *
     * @param request which request it was, in words
     * @param lost what became of the peer
     */
    public static PeerLost of(String request, PeerLostException lost) {
      return new PeerLost(lost.peer(), request + " was not answered: " + lost.getMessage());
    }
  }

  /**
   * The service's own code threw.
   *
   * @param type the exception's class name
   * @param message the exception's message, or its class name if it has none
   * @param cause the exception itself where the service is in this address space; else null
   */
  record Failed(String type, String message, @Nullable Throwable cause) implements CallError {
    @Override
    public ErrorCode code() {
      return ErrorCode.FAILED;
    }

    /**
     * The error for what a service threw.
     *
     * @param thrown the exception
     */
    public static Failed of(Throwable thrown) {
      String message = Words.messageOf(thrown);
      String type = thrown.getClass().getName();
      return new Failed(type, message == null ? type : message, thrown);
    }
  }

  /**
   * The answer is missing or makes no sense.
   *
   * @param message what happened
   */
  record Internal(String message) implements CallError {
    @Override
    public ErrorCode code() {
      return ErrorCode.INTERNAL;
    }
  }

  /**
   * The error that an exception is: what a {@link CallException} carries, else {@link Failed}.
   *
   * @param thrown what a call threw, or a command
   */
  static CallError of(Throwable thrown) {
    return thrown instanceof CallException known ? known.error() : Failed.of(thrown);
  }

  /**
   * This error as plain data, for a message: strings under string keys, of whole characters, since
   * half of one could not be sent. A cause stays here.
   */
  default Map<String, Object> toData() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("code", code().id());
    data.put("message", written(message()));
    switch (this) {
      case Timeout timeout -> data.put("after", timeout.after.toString());
      case PeerLost lost -> data.put("peer", written(lost.peer));
      case Failed failed -> data.put("type", written(failed.type));
      case CallError _ -> {}
    }
    return data;
  }

  /** A text as data; empty for none, which an exception may have had for a message. */
  private static String written(@Nullable String text) {
    return text == null ? "" : Words.whole(text);
  }

  /**
   * The error that a message holds, whatever that is: an error of this type, the data of {@link
   * #toData()}, or something else, which makes a {@link Failed} that says what came.
   *
   * @param data what stands under {@code error} in an answer
   */
  static CallError fromData(@Nullable Object data) {
    return switch (data) {
      case CallError error -> error;
      case Map<?, ?> map when map.get("code") instanceof String code -> fromData(code, map);
      case CharSequence text -> new Failed("", text.toString(), null);
      case null -> new Failed("", "an error without a word", null);
      default -> new Failed("", Texts.describe(data), null);
    };
  }

  private static CallError fromData(String code, Map<?, ?> data) {
    String message = text(data, "message");
    return switch (ErrorCode.ofId(code)) {
      case TIMEOUT -> new Timeout(Texts.duration(text(data, "after")), message);
      case DEADLINE_EXCEEDED -> new DeadlineExceeded(message);
      case CANCELLED -> new Cancelled(message);
      case UNKNOWN_SERVICE -> new UnknownService(message);
      case UNKNOWN_COMMAND -> new UnknownCommand(message);
      case INVALID_ARGUMENT -> new InvalidArgument(message);
      case REFUSED -> new Refused(message);
      case UNAUTHENTICATED -> new Unauthenticated(message);
      case OVERLOADED -> new Overloaded(message);
      case PEER_LOST -> new PeerLost(text(data, "peer"), message);
      case FAILED -> new Failed(text(data, "type"), message, null);
      case INTERNAL -> new Internal(message);
    };
  }

  private static String text(Map<?, ?> data, String key) {
    return data.get(key) instanceof CharSequence text ? text.toString() : "";
  }
}
