package dev.circulate.benchmarks;

/** The libraries of the suite, ours first. */
public enum Library {
  CIRCULATE("circulate"),
  JOX("jox"),
  KOTLIN("kotlin"),
  CORE_ASYNC("core.async"),
  JDK("JDK");

  private final String title;

  Library(String title) {
    this.title = title;
  }

  /** What reports call it. */
  String title() {
    return title;
  }

  /** Loads this library, and no class of another: a fork that saw two would inline neither. */
  Peer load() {
    return switch (this) {
      case CIRCULATE -> new CirculatePeer();
      case JOX -> new JoxPeer();
      case KOTLIN -> new KotlinPeer();
      case CORE_ASYNC -> new CoreAsyncPeer();
      case JDK -> new JdkPeer();
    };
  }
}
