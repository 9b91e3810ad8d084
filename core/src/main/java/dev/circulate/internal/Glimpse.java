package dev.circulate.internal;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a value writes itself, for people: the beginning of that, and no more is written of a
 * collection than is shown. What a peer sends may mention one long text a hundred thousand times,
 * which takes room only when it is written out.
 */
public final class Glimpse {
  private static final int LONGEST = 120;

  private final StringBuilder text = new StringBuilder();

  private Glimpse() {}

  /** The beginning of a value, and an ellipsis if there is more of it. */
  public static String of(@Nullable Object value) {
    Glimpse glimpse = new Glimpse();
    glimpse.add(value);
    return glimpse.isFull() ? glimpse.beginning() + "…" : glimpse.text.toString();
  }

  /** No half of a character is at its end: such a text cannot be sent. */
  private String beginning() {
    boolean isCut = Character.isHighSurrogate(text.charAt(LONGEST - 1));
    return text.substring(0, isCut ? LONGEST - 1 : LONGEST);
  }

  private boolean isFull() {
    return text.length() > LONGEST;
  }

  /** Writes a value; each level of collections writes at least its bracket first. */
  private void add(@Nullable Object value) {
    try {
      switch (value) {
        case Collection<?> values -> {
          text.append('[');
          String before = "";
          for (Object each : values) {
            if (isFull()) {
              return;
            }
            text.append(before);
            add(each);
            before = ", ";
          }
          text.append(']');
        }
        case Map<?, ?> map -> {
          text.append('{');
          String before = "";
          for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (isFull()) {
              return;
            }
            text.append(before);
            add(entry.getKey());
            text.append('=');
            add(entry.getValue());
            before = ", ";
          }
          text.append('}');
        }
        case null, default -> text.append(value);
      }
    } catch (Throwable e) {
      text.append("(its toString threw ").append(e.getClass().getSimpleName()).append(')');
    }
  }
}
