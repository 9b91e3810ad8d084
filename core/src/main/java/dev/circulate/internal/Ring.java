package dev.circulate.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A bounded first-in-first-out ring for many producers and many consumers, whose operations take no
 * lock, and whose two ends can be <em>diverted</em>: from then on lock-free operations at that end
 * are refused, and only the holder of the channel's lock works there.
 *
 * <p>It is Dmitry Vyukov's bounded MPMC queue (as in JCTools' {@code MpmcArrayQueue}) with three
 * differences. The top bit of an index says that its end is diverted: since an index moves by
 * compare-and-set of the whole word, an operation that read the index before the bit was set fails
 * after it, so that diverting is atomic. A slot may say that there is room, or a value; that there
 * is none is decided by comparing the indexes, which makes a refusal exact: at the moment when the
 * second index was read there was no room, or no value. And the capacity may be any number, not
 * only a power of two. JCTools' own class can do none of the three.
 *
 * <p>What makes it fast is what the two ends do not touch: the indexes have cache lines of their
 * own, an operation looks at the other end's index only when its slot is not ready, and whether
 * that end is diverted stands in a flag besides, which is written rarely. With all in one line two
 * threads that run at the same time were two to four times slower.
 *
 * <p>And the two ends keep clear of one another. Each looks, now and then, where the other is; if
 * that moves from one operation to the next, so is at work on another processor, and is close, the
 * next operation that may wait lets it get ahead first: see {@link Patience#awaitBatch}. Without
 * that a consumer who had caught up stayed on the producer's heels, and every value cost them both
 * a cache line there and back. What one end knows of the other is advice, read and written without
 * care; an operation that must not wait does not heed it. Nor do those at the same end fight for
 * its index: who finds that another moved it looks away for some operations of that one's, and for
 * twice as many if it was so again, instead of taking the line from it each time.
 *
 * <pre>
 *   producerIndex   next position to put    | top bit: producers diverted (closed, or putters wait)
 *   consumerIndex   next position to take   | top bit: consumers diverted (takers wait)
 *   position i      slot = i &amp; mask, lap = i / slots.length
 *   turns[slot]     2 * lap       a producer of that lap may write the slot
 *                   2 * lap + 1   a consumer of that lap may empty it
 * </pre>
 *
 * <p>A position is claimed by moving the index, then used when its turn comes. Between the two
 * another thread may see the claim and not yet the value, and waits for the turn: a few
 * instructions, unless the system took the processor away from the claimant just there.
 *
 * <pre>
 * field           read by            written by
 * producerIndex   volatile           compare-and-set (+1), atomic or / and (the bit)
 * consumerIndex   volatile           compare-and-set (+1), atomic or / and (the bit)
 * ...Diverted      volatile           under the channel's lock, with the bit
 * turns[slot]     acquire            release, by the claimant of the position
 * items[slot]     plain, after its turn was acquired; written plain before its turn is released
 * </pre>
 */
final class Ring<T> extends RingIndexes.Padded {
  /** What {@link #offer} answers. */
  enum Offered {
    /** The value is in. */
    ACCEPTED,
    /** There was no room. */
    FULL,
    /** Producers are diverted: ask the lock. */
    DIVERTED
  }

  private static final long DIVERTED_BIT = Long.MIN_VALUE;

  private static final long CLOSE_BIT = Long.MIN_VALUE;

  /** Processors fetch lines by twos. */
  private static final int SLOTS_OF_TWO_LINES = 32;

  private static final int POSITIONS_BETWEEN_LOOKS = 16;

  private static final int LARGEST_BATCH = 96;

  private static final VarHandle PRODUCER;
  private static final VarHandle CONSUMER;
  private static final VarHandle TURNS = MethodHandles.arrayElementVarHandle(int[].class);

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      PRODUCER = lookup.findVarHandle(RingIndexes.Producer.class, "producerIndex", long.class);
      CONSUMER = lookup.findVarHandle(RingIndexes.Consumer.class, "consumerIndex", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final @Nullable Object[] items;
  private final int[] turns;
  private final int capacity;

  /** How many slots are worth a turn of one end while the other waits. */
  private final int batch;

  /** With fewer slots between the ends, they are at work on the same cache lines. */
  private final int close;

  /** Whether every slot is in use when the ring is full: then a free slot means room. */
  private final boolean filledBySlots;

  private volatile boolean producersDiverted;
  private volatile boolean consumersDiverted;

  Ring(int capacity) {
    this.capacity = capacity;
    this.batch = Math.min(LARGEST_BATCH, capacity - capacity / 4);
    this.close = Math.min(SLOTS_OF_TWO_LINES, batch);
    int slots = capacity == 1 ? 1 : Integer.highestOneBit(capacity - 1) << 1;
    this.filledBySlots = slots == capacity;
    this.items = new Object[slots];
    this.turns = new int[slots];
  }

  /** Puts without a lock. */
  Offered offer(T value) {
    for (int failures = 0; ; failures++) {
      long position = producerIndex;
      if (position < 0) {
        return Offered.DIVERTED;
      }
      // the consumer's index after the producer's: it is current, so "full" was true when it was
      // read
      if (!isFreed(position) && position - (consumerIndex & ~DIVERTED_BIT) >= capacity) {
        return Offered.FULL;
      }
      if (PRODUCER.compareAndSet(this, position, position + 1)) {
        publish(position, value);
        if (isToLookFrom(position)) {
          lookForConsumers(position);
        }
        return Offered.ACCEPTED;
      }
      Patience.giveWay(failures);
    }
  }

  /** Takes without a lock; null if there is no value or consumers are diverted. */
  @Nullable T poll() {
    for (int failures = 0; ; failures++) {
      long position = consumerIndex;
      // a diverted index is negative; the producer's after the consumer's, as in offer
      if (position < 0 || (!isFilled(position) && position >= (producerIndex & ~DIVERTED_BIT))) {
        return null;
      }
      if (CONSUMER.compareAndSet(this, position, position + 1)) {
        T value = consume(position);
        if (isToLookFrom(position)) {
          lookForProducers(position);
        }
        return value;
      }
      Patience.giveWay(failures);
    }
  }

  // ---- keeping clear of the other end

  /** Looks are by twos: whether the other end moved from one operation here to the next. */
  private static boolean isToLookFrom(long position) {
    return position % POSITIONS_BETWEEN_LOOKS >= POSITIONS_BETWEEN_LOOKS - 2;
  }

  private void lookForConsumers(long position) {
    long there = consumerIndex & ~DIVERTED_BIT;
    boolean areAtWork = position % 2 == 1 && there != consumersSeen;
    boolean areClose = capacity - (position + 1 - there) < close;
    consumersSeen = areAtWork && areClose ? there | CLOSE_BIT : there;
  }

  private void lookForProducers(long position) {
    long there = producerIndex & ~DIVERTED_BIT;
    boolean areAtWork = position % 2 == 1 && there != producersSeen;
    boolean areClose = there - (position + 1) < close;
    producersSeen = areAtWork && areClose ? there | CLOSE_BIT : there;
  }

  /** Whether consumers who are at work are close, so that a put would do better to wait. */
  boolean consumersAreClose() {
    return consumersSeen < 0;
  }

  /** Whether producers who are at work are close, so that a take would do better to wait. */
  boolean producersAreClose() {
    return producersSeen < 0;
  }

  /** Waits for room for a batch; answers whether there is room for anything. */
  boolean awaitRoom(int nanos) {
    boolean room = Patience.awaitBatch(this::room, room(), batch, nanos);
    consumersSeen &= ~CLOSE_BIT;
    return room;
  }

  /** Waits for a batch of values; answers whether there is any. */
  boolean awaitValues(int nanos) {
    boolean values = Patience.awaitBatch(this::size, size(), batch, nanos);
    producersSeen &= ~CLOSE_BIT;
    return values;
  }

  private int room() {
    return capacity - size();
  }

  // ---- under the channel's lock

  /** Puts while holding the channel's lock, whether or not producers are diverted. */
  boolean offerLocked(T value) {
    for (; ; ) {
      long index = producerIndex;
      long position = index & ~DIVERTED_BIT;
      if (position - (consumerIndex & ~DIVERTED_BIT) >= capacity) {
        return false;
      }
      if (PRODUCER.compareAndSet(this, index, index + 1)) {
        publish(position, value);
        return true;
      }
    }
  }

  /** Takes while holding the channel's lock, whether or not consumers are diverted. */
  @Nullable T pollLocked() {
    for (; ; ) {
      long index = consumerIndex;
      long position = index & ~DIVERTED_BIT;
      if (position >= (producerIndex & ~DIVERTED_BIT)) {
        return null;
      }
      if (CONSUMER.compareAndSet(this, index, index + 1)) {
        return consume(position);
      }
    }
  }

  /** What {@link #pollLocked} would answer, while consumers are diverted and the lock is held. */
  @Nullable T peekLocked() {
    long position = consumerIndex & ~DIVERTED_BIT;
    return position >= (producerIndex & ~DIVERTED_BIT) ? null : await(position);
  }

  boolean producersDiverted() {
    return producersDiverted;
  }

  boolean consumersDiverted() {
    return consumersDiverted;
  }

  /** Whether the slot of a position was emptied in the lap before; false says nothing. */
  private boolean isFreed(long position) {
    return filledBySlots && (int) TURNS.getAcquire(turns, slot(position)) == putTurn(position);
  }

  /** Whether the slot of a position has its value; false says nothing. */
  private boolean isFilled(long position) {
    return (int) TURNS.getAcquire(turns, slot(position)) == putTurn(position) + 1;
  }

  /** Under the channel's lock: says whether lock-free puts are refused. */
  void divertProducers(boolean divert) {
    if (divert != producersDiverted()) {
      if (divert) {
        PRODUCER.getAndBitwiseOr(this, DIVERTED_BIT);
        producersDiverted = true;
      } else {
        producersDiverted = false;
        PRODUCER.getAndBitwiseAnd(this, ~DIVERTED_BIT);
      }
    }
  }

  /** Under the channel's lock: says whether lock-free takes are refused. */
  void divertConsumers(boolean divert) {
    if (divert != consumersDiverted()) {
      if (divert) {
        CONSUMER.getAndBitwiseOr(this, DIVERTED_BIT);
        consumersDiverted = true;
      } else {
        consumersDiverted = false;
        CONSUMER.getAndBitwiseAnd(this, ~DIVERTED_BIT);
      }
    }
  }

  boolean isFull() {
    long position = producerIndex & ~DIVERTED_BIT;
    return position - (consumerIndex & ~DIVERTED_BIT) >= capacity;
  }

  boolean isEmpty() {
    long position = consumerIndex & ~DIVERTED_BIT;
    return position >= (producerIndex & ~DIVERTED_BIT);
  }

  /** An estimate: the two indexes are read one after the other. */
  int size() {
    long taken = consumerIndex & ~DIVERTED_BIT;
    long put = producerIndex & ~DIVERTED_BIT;
    return Math.clamp(put - taken, 0, capacity);
  }

  private void publish(long position, T value) {
    int slot = slot(position);
    int turn = putTurn(position);
    awaitTurn(slot, turn);
    items[slot] = value;
    TURNS.setRelease(turns, slot, turn + 1);
  }

  private T consume(long position) {
    T value = await(position);
    int slot = slot(position);
    items[slot] = null;
    TURNS.setRelease(turns, slot, putTurn(position) + 2);
    return value;
  }

  /** The value of a position that was or is being filled. */
  private T await(long position) {
    int slot = slot(position);
    awaitTurn(slot, putTurn(position) + 1);
    @SuppressWarnings("unchecked")
    T value = (T) Objects.requireNonNull(items[slot]);
    return value;
  }

  private void awaitTurn(int slot, int turn) {
    while ((int) TURNS.getAcquire(turns, slot) != turn) {
      Thread.onSpinWait();
    }
  }

  private int slot(long position) {
    return (int) position & (items.length - 1);
  }

  /** The number of a lap may wrap around: two laps that meet in one slot are never 2^31 apart. */
  private int putTurn(long position) {
    return (int) (position >>> Integer.numberOfTrailingZeros(items.length)) << 1;
  }
}
