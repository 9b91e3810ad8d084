package dev.circulate.internal;

/**
 * What becomes of a put that no thread waits for. One of the methods is called, once, by the thread
 * that took or closed, with no lock held; it must not block.
 */
public interface PutHandler {
  /** The channel has the value. */
  void accepted();

  /** The channel was closed first. */
  void refused();
}
