package dev.circulate.runtime;

import dev.circulate.WritePort;
import dev.circulate.runtime.codec.Codec;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What can be set for a session, whichever way its link is made.
 *
 * <p>Unless told otherwise: {@link Limits#DEFAULTS}, and JSON. A builder can make any number of
 * sessions, each with what was set by then. <b>Threads.</b> For one thread.
 *
 * @param <B> the builder itself
 */
public abstract sealed class SessionBuilder<B extends SessionBuilder<B>>
    permits PeerBuilder, LinkBuilder, ServerBuilder {
  private WritePort<Request> root;
  private Limits limits = Limits.DEFAULTS;
  private Codec codec = Codec.JSON;
  private Consumer<Object> onUndelivered = _ -> {};
  @Nullable Credentials credentials;
  @Nullable Authenticator authenticator;

  SessionBuilder(WritePort<Request> root) {
    this.root = root;
  }

  abstract B self();

  /**
   * Sets what the other side finds as its peer's root.
   *
   * @param root what is offered
   */
  public B root(Root root) {
    return root(Objects.requireNonNull(root, "root").port());
  }

  /**
   * Sets what the other side finds as its peer's root, if only its channel is known.
   *
   * @param root what is offered, near or far
   * @throws dev.circulate.runtime.codec.CodecException if it is none of this library's channels
   */
  public B root(WritePort<Request> root) {
    Tables.requireSendable(Objects.requireNonNull(root, "root"));
    this.root = root;
    return self();
  }

  /**
   * Sets what a peer may demand.
   *
   * @param limits the bounds
   */
  public B limits(Limits limits) {
    this.limits = Objects.requireNonNull(limits, "limits");
    return self();
  }

  /**
   * Sets how values are written, and how types of the program's own cross.
   *
   * @param codec the encoding and the types
   */
  public B codec(Codec codec) {
    this.codec = Objects.requireNonNull(codec, "codec");
    return self();
  }

  /**
   * Sets what takes the values that were put to a proxy of this peer's, and of which it is not
   * known that they arrived when the peer is lost: so that a resource in them can be closed, or the
   * loss be told. A request whose caller is told with <em>peer lost</em> is not among them. What a
   * peer that speaks the original's dialect did not receive is not known.
   *
   * <p>A value that came from the peer for a taker who had given up stays in the proxy, also when
   * the peer is lost. The hook gets it when the program has let go of the proxy; so a hook that
   * itself refers to such a proxy keeps it until somebody takes what is in it.
   *
   * @param hook called once for each value, in the order of their puts, in a go block, with no lock
   *     held; what it throws goes to the handler for uncaught failures
   */
  public B onUndelivered(Consumer<Object> hook) {
    this.onUndelivered = Objects.requireNonNull(hook, "hook");
    return self();
  }

  /** What was set until now. */
  Terms terms() {
    return new Terms(root, limits, codec, onUndelivered, credentials, authenticator);
  }
}
