package dev.circulate.runtime;

import dev.circulate.internal.Collected;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * The face over an import that a program holds: held weakly here, and watched, so that it is
 * noticed when the program lets go of it. Guarded by the import.
 *
 * <p>What watches is never collected, nor is what that knows: the import, its session, and what the
 * hooks of that know, which may be the face. So the watch has to end when nothing would be done
 * about it.
 */
final class HeldFace {
  private static final Cleaner.Cleanable NOTHING = () -> {};

  private WeakReference<@Nullable ProxyChannel<?>> face = new WeakReference<>(null);
  private Cleaner.Cleanable watch = NOTHING;

  /**
   * The face that a program is given, made anew if it let go of the last.
   *
   * @param onLetGo run some time after the program let go of it; null if that is of no interest
   */
  ProxyChannel<?> given(Import held, @Nullable Runnable onLetGo) {
    ProxyChannel<?> present = face.get();
    if (present == null) {
      present = new ProxyChannel<>(held);
      face = new WeakReference<>(present);
      if (onLetGo != null) {
        watch = Collected.watch(present, onLetGo);
      }
    }
    return present;
  }

  /** Whether the program holds none. */
  boolean isLetGo() {
    return face.get() == null;
  }

  /** As if the program had let go of it. */
  void letGo() {
    face.clear();
  }

  /** Ends the watch: what is answered has to be cleaned, which looks a last time. */
  Cleaner.Cleanable unwatched() {
    Cleaner.Cleanable ended = watch;
    watch = NOTHING;
    return ended;
  }
}
