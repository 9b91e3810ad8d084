package dev.circulate.service;

import dev.circulate.internal.Context;
import org.jspecify.annotations.Nullable;

/**
 * Where a request came from: a fact of how it arrived, which nothing in its message can forge.
 *
 * <p>While a command runs, {@link #current()} says who called it.
 *
 * {@snippet :
 * @Command
 * void delete(String name) {
 *   if (!"admin".equals(Origin.current().identity())) {
 *     throw new CallException(new CallError.Refused("not for " + Origin.current()));
 *   }
 *   files.delete(name);
 * }
 * }
 */
public sealed interface Origin {
  /**
   * A caller in this address space.
   *
   * @param identity who it has proven to be; null if nobody asked
   */
  record Local(@Nullable String identity) implements Origin {
    private static final Local ONE = new Local(null);

    @Override
    public String toString() {
      return identity == null ? "a local caller" : "a local caller (" + identity + ")";
    }
  }

  /**
   * A caller in another address space.
   *
   * @param peer which peer, in words, for messages and logs
   * @param identity who it has proven to be; null if nobody asked
   */
  record Remote(String peer, @Nullable String identity) implements Origin {
    @Override
    public String toString() {
      return identity == null ? "peer " + peer : "peer " + peer + " (" + identity + ")";
    }
  }

  /** A caller in this address space. */
  static Origin local() {
    return Local.ONE;
  }

  /** Who the caller has proven to be; null if nobody asked. */
  @Nullable String identity();

  /**
   * The same caller, who has proven who it is. It is as near or as far as before.
   *
   * @param identity who
   */
  default Origin identifiedAs(String identity) {
    return switch (this) {
      case Local _ -> new Local(identity);
      case Remote remote -> new Remote(remote.peer, identity);
    };
  }

  /** Whether the caller is in this address space. */
  default boolean isLocal() {
    return this instanceof Local;
  }

  /**
   * Who called the command that the calling thread runs, or one of the go blocks that it started;
   * local outside of commands.
   */
  static Origin current() {
    return Context.current().caller();
  }
}
