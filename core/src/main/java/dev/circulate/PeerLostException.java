package dev.circulate;

import java.io.Serial;

/**
 * What a channel whose other end was in another address space is closed with when the peer there is
 * gone: a take of it throws a {@link ChannelFailedException} with this as its cause.
 */
public final class PeerLostException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final String peer;

  /**
   * Says who is gone.
   *
   * @param peer which peer, in words
   * @param message what was noticed
   */
  public PeerLostException(String peer, String message) {
    super(message);
    this.peer = peer;
  }

  /** Which peer is gone, in words. */
  public String peer() {
    return peer;
  }
}
