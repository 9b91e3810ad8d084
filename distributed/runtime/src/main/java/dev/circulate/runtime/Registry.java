package dev.circulate.runtime;

/**
 * Discovery by what nodes say of themselves: who offers something announces it here, and all who
 * look into the same registry hear of it.
 *
 * <p><b>Closing</b> withdraws what was announced through this, and nothing is announced any more.
 * <b>Threads.</b> Every method may be called by any thread; none waits until others have heard.
 */
public interface Registry extends Discovery {
  /**
   * A node is there, or offers something else than before.
   *
   * @param offer what it offers
   * @throws IllegalArgumentException if that is more than others can be told
   */
  void announce(Offer offer);

  /**
   * A node leaves.
   *
   * @param node its name; nothing happens if it was not announced here
   */
  void leave(String node);
}
