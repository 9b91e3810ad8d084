package dev.circulate.internal;

/**
 * The two indexes of a {@link Ring}, each in a cache line that holds nothing else but what its end
 * knows of the other.
 *
 * <p>A virtual machine lays out the fields of a class after those of its superclass, and may move
 * them only within one class; so each padding is a class. It may also move a small field of a
 * subclass into a gap before it; so all are longs.
 */
final class RingIndexes {
  private RingIndexes() {}

  @SuppressWarnings("unused") // it fills the line of the object's header
  abstract static class BeforeProducer {
    private long l1;
    private long l2;
    private long l3;
    private long l4;
    private long l5;
    private long l6;
    private long l7;
  }

  /** The next position to put. */
  abstract static class Producer extends BeforeProducer {
    volatile long producerIndex;

    /** Where the consumers were when a producer looked last; the top bit: they are close. */
    long consumersSeen;
  }

  @SuppressWarnings("unused") // it fills the producer's line
  abstract static class BeforeConsumer extends Producer {
    private long l1;
    private long l2;
    private long l3;
    private long l4;
    private long l5;
    private long l6;
  }

  /** The next position to take. */
  abstract static class Consumer extends BeforeConsumer {
    volatile long consumerIndex;

    /** Where the producers were when a consumer looked last; the top bit: they are close. */
    long producersSeen;
  }

  /** Both, with room after them for the fields of the ring. */
  @SuppressWarnings("unused") // it fills the consumer's line
  abstract static class Padded extends Consumer {
    private long l1;
    private long l2;
    private long l3;
    private long l4;
    private long l5;
    private long l6;
  }
}
