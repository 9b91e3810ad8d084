package dev.circulate.runtime.codec;

import dev.circulate.internal.Glimpse;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value of a kind that nobody here has a handler for: it can be looked at, kept, and sent on, and
 * leaves as it came.
 *
 * <p>In a value that arrived the representation is transit's: every integer is a {@code Long}, and
 * names are not strings. Its channels are channels.
 *
 * @param tag the kind
 * @param representation what it is made of
 */
public record Tagged(String tag, @Nullable Object representation) {
  private static final Set<String> GROUND =
      Set.of("_", "s", "?", "i", "d", "b", "'", "map", "array", "", "#", "~", "^", "`");

  /**
   * Checks that the tag is not one of those that transit itself is made of, nor what its texts
   * begin with: as {@code #} it would make the tag of what comes next, such as a channel's name.
   * And that what has a tag of one letter is a text, since transit writes it as one.
   */
  public Tagged {
    if (GROUND.contains(tag)) {
      throw new CodecException("'" + tag + "' is no tag for a value: transit itself is made of it");
    }
    if (tag.length() == 1 && !(representation instanceof String)) {
      throw new CodecException(
          "'" + tag + "' is no tag for this: a tag of one letter is for a text");
    }
  }

  /** How deep a representation is: a tag before a text or a number is no level of its own. */
  static int within(@Nullable Object representation, int depth) {
    return switch (representation) {
      case String _, Long _, Integer _, Double _, Boolean _ -> depth;
      case null, default -> depth + 1;
    };
  }

  /** No more of it than people look at: a peer may have made it. */
  @Override
  public String toString() {
    return "Tagged[tag=" + tag + ", representation=" + Glimpse.of(representation) + "]";
  }
}
