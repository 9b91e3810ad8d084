package dev.circulate.examples;

/** How much is done, on one line of a terminal; elsewhere a line for each tenth. */
final class ProgressBar {
  private static final int WIDTH = 40;

  private final int all;

  @SuppressWarnings("SystemConsoleNull") // a runtime without the module jdk.internal.le has none
  private final boolean isTerminal = System.console() != null && System.console().isTerminal();

  private int shown = -1;

  ProgressBar(int all) {
    this.all = all;
  }

  void show(int done) {
    int step = done * (isTerminal ? 100 : 10) / all;
    if (step == shown) {
      return;
    }
    shown = step;
    int filled = WIDTH * done / all;
    String bar =
        "[%s%s] %d of %d files"
            .formatted("#".repeat(filled), " ".repeat(WIDTH - filled), done, all);
    if (isTerminal) {
      IO.print("\r" + bar);
    } else {
      IO.println(bar);
    }
  }

  void end() {
    if (isTerminal) {
      IO.println();
    }
  }
}
