package dev.circulate.service;

import dev.circulate.internal.Quota;
import dev.circulate.internal.Seat;
import org.jspecify.annotations.Nullable;

/**
 * What a request counts as while it is under way: one of those that its service serves, and one of
 * those that its caller has. For the thread that serves it.
 */
final class Counted {
  private final Quota atService;
  private final @Nullable Seat ofCaller;
  private boolean counts = true;

  /** For a request that counts already. */
  Counted(Quota atService, @Nullable Seat ofCaller) {
    this.atService = atService;
    this.ofCaller = ofCaller;
  }

  /** Counts no longer; does nothing if that is so. */
  void leave() {
    if (counts) {
      counts = false;
      atService.leave();
      if (ofCaller != null) {
        ofCaller.leave();
      }
    }
  }

  /** Counts again, also beyond the limits: others may have come meanwhile. */
  void again() {
    counts = true;
    atService.enterAnyway();
    if (ofCaller != null) {
      ofCaller.takeAnyway();
    }
  }
}
