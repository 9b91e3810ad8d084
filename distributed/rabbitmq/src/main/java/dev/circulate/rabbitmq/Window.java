package dev.circulate.rabbitmq;

/** How many frames may be on their way: a counter that one thread waits for. */
final class Window {
  private int size;
  private int underWay;
  private boolean closed;

  /** Sets how many the receiver allows. */
  synchronized void open(int allowed) {
    size = allowed;
    notifyAll();
  }

  /**
   * Waits until one more may be sent.
   *
   * @return false if the window was closed
   */
  synchronized boolean acquire() throws InterruptedException {
    while (underWay >= size && !closed) {
      wait();
    }
    underWay++;
    return !closed;
  }

  /**
   * The receiver has taken some.
   *
   * @return false if it cannot have taken so many
   */
  synchronized boolean taken(int frames) {
    if (frames > underWay) {
      return false;
    }
    underWay -= frames;
    notifyAll();
    return true;
  }

  /** Nobody waits any more. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
