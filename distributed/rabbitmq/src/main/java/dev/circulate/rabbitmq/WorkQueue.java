package dev.circulate.rabbitmq;

import com.rabbitmq.client.AMQP;
import dev.circulate.Channel;
import dev.circulate.Csp;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Work that outlives every program: a durable queue at a broker, to which values are put, and whose
 * values are given to workers wherever they are, each until one of them has done it.
 *
 * {@snippet :
 * try (WorkQueue<Picture> pictures = WorkQueue.open(uri, "pictures", Picture.class)) {
 *   pictures.work(4, work -> thumbnail(work.value())); // in this program, in others, in both
 *   if (pictures.put(new Picture("cat.png"))) {
 *     log("will be done, whatever dies");
 *   }
 * }
 * }
 *
 * <p><b>At least once.</b> A put that answered true survives the death of every program, and a
 * restart of the broker. A value is done with when its worker returns. If that throws, or dies, the
 * value comes again, to this worker or another, and is {@linkplain Work#isRedelivered marked}: so a
 * worker may see a value twice, and so it may if the broker was lost while a put waited for its
 * confirm. <b>Poison.</b> A value that fails {@link WorkOptions#attempts} times, or is none of the
 * type, is put aside in the queue {@code circulate.work.NAME.dead}, where an operator finds it.
 * <b>Order</b> is the queue's, but values that come again come late.
 *
 * <p><b>Values</b> are plain data, or of a record type; not channels. <b>Closing</b> takes no more,
 * waits for the workers that are busy, and leaves the queue as it is. <b>Interruption.</b> A put
 * that is interrupted may have happened. <b>Threads.</b> Every method may be called by any thread;
 * a go block for each value that is worked on.
 *
 * @param <T> the type of the values
 */
public final class WorkQueue<T> implements AutoCloseable {
  static final String PREFIX = "circulate.work.";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  /** Does what there is to do. */
  @FunctionalInterface
  public interface Worker<T> {
    /**
     * Works on a value, in a go block of its own.
     *
     * @param work the value
     * @throws Exception if it is not done: it comes again, and the uncaught handler is told
     */
    void work(Work<T> work) throws Exception;
  }

  private final Broker broker;
  private final DurableQueue queue;
  private final WorkBody<T> body;
  private final int attempts;
  private final Queue<Consumer<T>> consumers = new ConcurrentLinkedQueue<>();
  private final Channel<Void> closed = Csp.chan();
  private final AtomicBoolean ending = new AtomicBoolean();

  /** Guarded by this. */
  private @Nullable Publisher publisher;

  private WorkQueue(Broker broker, DurableQueue queue, WorkBody<T> body, int attempts) {
    this.broker = broker;
    this.attempts = attempts;
    this.queue = queue;
    this.body = body;
  }

  /**
   * Opens a queue, which is made if it is not there.
   *
   * @param uri the broker; a node in it is of no account
   * @param name the queue's name: 1 to 100 letters, digits, dots, underscores and hyphens
   * @param type what is put: plain data, or a record
   * @param <T> the type of the values
   * @throws IOException if the broker cannot be reached, or refuses; the message says why
   * @throws InterruptedException if interrupted while waiting
   */
  public static <T> WorkQueue<T> open(URI uri, String name, Class<T> type)
      throws IOException, InterruptedException {
    return open(uri, name, type, WorkOptions.DEFAULTS);
  }

  /**
   * Opens a queue with options.
   *
   * @param uri the broker
   * @param name the queue's name
   * @param type what is put
   * @param options what can be set
   * @param <T> the type of the values
   * @throws IOException if the broker cannot be reached, or refuses; the message says why
   * @throws InterruptedException if interrupted while waiting
   */
  public static <T> WorkQueue<T> open(URI uri, String name, Class<T> type, WorkOptions options)
      throws IOException, InterruptedException {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a queue's name has 1 to 100 letters, digits, dots, underscores and hyphens, not '"
              + name
              + "'");
    }
    AmqpAddress address = AmqpAddress.of(uri);
    DurableQueue queue = new DurableQueue(PREFIX + name);
    WorkBody<T> body = new WorkBody<>(type, options);
    return Aside.call(
        "open " + queue,
        () -> {
          Broker broker = Broker.of(address, options.amqp());
          boolean opened = false;
          try {
            queue.declare(broker);
            opened = true;
            return new WorkQueue<>(broker, queue, body, options.attempts());
          } finally {
            if (!opened) {
              broker.release();
            }
          }
        },
        WorkQueue::close);
  }

  Broker broker() {
    return broker;
  }

  DurableQueue queue() {
    return queue;
  }

  WorkBody<T> body() {
    return body;
  }

  int attempts() {
    return attempts;
  }

  // ---- putting

  /**
   * Puts a value, and waits until the broker has it safe; while the broker is away, until it is
   * back.
   *
   * @param value what to put, not null
   * @return true once it is safe; false if this was closed first, and then it may be there or not
   * @throws dev.circulate.runtime.codec.CodecException if the value cannot be written
   * @throws InterruptedException if interrupted while waiting; it may be there or not
   */
  public boolean put(T value) throws InterruptedException {
    byte[] bytes = body.write(Objects.requireNonNull(value, "value"));
    AMQP.BasicProperties properties = WorkMessage.first().properties();
    Duration pause = FIRST_PAUSE;
    while (!closed.isClosed()) {
      try {
        return Aside.call(
            "put to " + queue,
            () -> {
              publisher().publish(queue.name(), properties, bytes);
              return true;
            },
            _ -> {});
      } catch (IOException _) {
        // not confirmed: the same again, when that may help
        closed.poll(pause);
        pause = longer(pause);
      }
    }
    return false;
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  /** Where messages are published; not for a thread that can be interrupted. */
  synchronized Publisher publisher() throws IOException {
    Publisher present = publisher;
    if (present == null || !present.isOpen()) {
      if (closed.isClosed()) {
        throw new IOException(queue + " was closed here");
      }
      queue.declare(broker);
      present = Publisher.open(broker);
      publisher = present;
    }
    return present;
  }

  // ---- taking

  /**
   * Begins to work, and goes on until this is closed: takes values as long as fewer than so many
   * are worked on, each in a go block of its own. May be called several times.
   *
   * @param atOnce how many values are worked on at a time
   * @param worker what is done with each
   */
  public void work(int atOnce, Worker<T> worker) {
    if (atOnce < 1) {
      throw new IllegalArgumentException("at least one value is worked on, not " + atOnce);
    }
    Consumer<T> consumer = new Consumer<>(this, atOnce, Objects.requireNonNull(worker, "worker"));
    consumers.add(consumer);
    consumer.start();
    if (closed.isClosed()) {
      consumer.close();
    }
  }

  // ---- the end

  /**
   * Removes the queue from the broker, and the one for what was put aside, with all that is in
   * them, and closes this. For work that nobody will want any more: who still has it open makes it
   * again.
   *
   * @throws IOException if the broker cannot be reached, or refuses
   */
  public void delete() throws IOException {
    if (stop()) {
      try {
        Aside.call(
            "delete " + queue,
            () -> {
              queue.delete(broker);
              return true;
            });
      } finally {
        release();
      }
    }
  }

  @Override
  public void close() {
    if (stop()) {
      release();
    }
  }

  /** Takes no more; answers whether that is new. */
  private boolean stop() {
    if (!ending.compareAndSet(false, true)) {
      return false;
    }
    closed.close();
    consumers.forEach(Consumer::close);
    consumers.forEach(Consumer::awaitEnd);
    return true;
  }

  private void release() {
    Thread.ofVirtual()
        .name("end of " + queue)
        .start(
            () -> {
              synchronized (this) {
                if (publisher != null) {
                  publisher.close();
                }
              }
              broker.release();
            });
  }

  @Override
  public String toString() {
    return queue + " at " + broker.address();
  }
}
