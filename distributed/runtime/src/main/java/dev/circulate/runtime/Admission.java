package dev.circulate.runtime;

import dev.circulate.internal.Uncaught;
import dev.circulate.runtime.session.Packet;
import org.jspecify.annotations.Nullable;

/**
 * Who a peer has to be before a session with it begins: anybody, or one who proves it.
 *
 * <p>Asked by the reader of a session's first line, and told to any thread.
 */
final class Admission {
  /** Why a session does not begin, in words for the peer. */
  record Refusal(String code, String sentence) {}

  /** A peer whose hello came. */
  private record Newcomer(String peer, @Nullable Credentials credentials)
      implements Authenticator.Caller {}

  private final String peer;
  private final @Nullable Authenticator authenticator;

  /** Who the peer has proven to be; null if nobody asked, or not yet. */
  private volatile @Nullable String identity;

  /** Whether the peer's hello has come, with which the authenticator is asked. */
  private volatile boolean asked;

  /**
   * Nobody has asked yet.
   *
   * @param authenticator says who the peer is; null if nobody asks
   */
  Admission(String peer, @Nullable Authenticator authenticator) {
    this.peer = peer;
    this.authenticator = authenticator;
  }

  /** Asks who said hello: why not to begin with it; null if it is admitted. */
  @Nullable Refusal refusal(Packet.Hello hello) {
    if (authenticator == null) {
      return null;
    }
    asked = true;
    try {
      identity = authenticator.identify(new Newcomer(peer, Credentials.parse(hello.credentials())));
      return identity == null ? unproven(hello, authenticator.challenge()) : null;
    } catch (Throwable e) { // whatever it is, the peer is to be told that it is refused
      Uncaught.report("the authenticator, asked about " + peer, e);
      return new Refusal(Packet.Bye.INTERNAL, "it cannot be found out who you are");
    }
  }

  private static Refusal unproven(Packet.Hello hello, String challenge) {
    String shown =
        hello.credentials() == null
            ? "nothing was shown that proves who you are"
            : "what was shown does not prove who you are";
    return new Refusal(Packet.Bye.UNAUTHENTICATED, shown + "; expected is " + challenge);
  }

  /** Whether it is being found out, or was. */
  boolean isAsked() {
    return asked;
  }

  /** Who the peer has proven to be; null if nobody asked, or not yet. */
  @Nullable String identity() {
    return identity;
  }

  /** Whether the peer has proven who it is, if that is demanded. */
  boolean isGranted() {
    return authenticator == null || identity != null;
  }
}
