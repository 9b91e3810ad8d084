package dev.circulate.rabbitmq;

import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import java.io.IOException;
import java.net.URI;
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
 * confirm, or did not give it within {@link AmqpOptions#patience}. <b>Poison.</b> A value that
 * fails {@link WorkOptions#attempts} times, or that the broker marks 20 times, or is none of the
 * type, is put aside in the queue {@code circulate.work.NAME.dead}, where an operator finds it.
 * <b>As a channel.</b> {@link #writePort} and {@link #readPort} are its two sides; each says what a
 * channel promises and a queue at a broker cannot. <b>Order</b> is the queue's, but values that
 * come again come late.
 *
 * <p><b>Values</b> are plain data, or of a record type whose components are plain data, enums, an
 * {@code Optional} or its kin for numbers, records, or collections of these; not channels. One that
 * no consumer could read, as it is beyond {@link WorkOptions#limits} or of another form, is refused
 * when it is put. <b>Closing</b> takes no more, waits for the workers that are busy, and leaves the
 * queue as it is. <b>Interruption.</b> A put that is interrupted has not happened, unless the
 * broker was lost meanwhile. <b>Threads.</b> Every method may be called by any thread; a go block
 * for each value that is worked on.
 *
 * @param <T> the type of the values
 */
public final class WorkQueue<T> implements AutoCloseable {
  static final String PREFIX = "circulate.work.";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

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
  private final WorkPublisher publisher;
  private final Returned returned = new Returned();
  private final Queue<Consumer<T>> consumers = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean ending = new AtomicBoolean();

  /** Made when somebody wants to put; guarded by this. */
  private @Nullable WorkPuts<T> puts;

  private WorkQueue(Broker broker, DurableQueue queue, WorkBody<T> body, int attempts) {
    this.broker = broker;
    this.attempts = attempts;
    this.queue = queue;
    this.body = body;
    this.publisher = new WorkPublisher(broker, queue);
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
   * @throws IllegalArgumentException if the name is none
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

  WorkPublisher publisher() {
    return publisher;
  }

  Returned returned() {
    return returned;
  }

  // ---- putting

  /**
   * Puts a value, and waits until the broker has it safe; while the broker is away, until it is
   * back. The same as a put to {@link #writePort}.
   *
   * @param value what to put, not null
   * @return true once it is safe; false if this was closed first
   * @throws dev.circulate.runtime.codec.CodecException if the value cannot be written, or nobody
   *     could read it
   * @throws dev.circulate.ChannelFailedException if the broker refuses the value for good: the
   *     cause has its words
   * @throws InterruptedException if interrupted while waiting
   */
  public boolean put(T value) throws InterruptedException {
    return puts().put(value);
  }

  /**
   * The putting side as a port, for an alts, a pipe, or whoever is to put and nothing else. Each
   * call answers the same.
   *
   * <p><b>True</b> always means that the broker has the value safe, in an alts too: its put is
   * chosen while the broker is there and has not too many under way, and then the alts waits for
   * the confirm. <b>False, or an {@code InterruptedException}</b>, means that the value is never
   * taken &mdash; as long as the broker lives, and answers within {@link AmqpOptions#patience}. If
   * it is lost between a value's departure and its confirm, nobody here can know whether it has it
   * (and whoever goes on waiting sends it again): then it may be there.
   *
   * <p>What a channel promises and this cannot: an {@code offer} without a time, and an alts with a
   * default, do not wait for room, but they wait for the broker's answer (so CH-3 and AL-4 hold but
   * for that round trip), and the time of a timed put may be exceeded by it. An alts whose put was
   * chosen, and which is late or interrupted, or whose queue is closed, before the broker has
   * confirmed, throws a {@link dev.circulate.ChannelFailedException}; the value may be there. So
   * does one with a default when the broker refuses the value for now. The port cannot be sent to a
   * peer, whose put would be accepted before it is safe: give a service in front of it.
   */
  public WritePort<T> writePort() {
    return puts();
  }

  private synchronized WorkPuts<T> puts() {
    WorkPuts<T> present = puts;
    if (present == null) {
      present = new WorkPuts<>(this);
      puts = present;
      if (ending.get()) {
        present.close();
      }
      present.start();
    }
    return present;
  }

  // ---- taking

  /**
   * Begins to work, and goes on until this is closed: takes values as long as fewer than so many
   * are worked on, each in a go block of its own. May be called several times.
   *
   * @param atOnce how many values are worked on at a time, at least 1
   * @param worker what is done with each
   */
  public void work(int atOnce, Worker<T> worker) {
    Objects.requireNonNull(worker, "worker");
    Holdings<T> holdings = new Holdings<>();
    consume(atOnce, new Workers<>(this, atOnce, worker, holdings), holdings);
  }

  /**
   * The taking side as a port, for an alts, or a go block that takes when it likes. Each call
   * answers another, and the queue's values are divided among them.
   *
   * {@snippet :
   * ReadPort<Work<Picture>> pictures = queue.readPort(1);
   * go(() -> {
   *   Work<Picture> work = pictures.take();
   *   thumbnail(work.value());
   *   return null; // done with: it was taken by this block, which ends well
   * });
   * }
   *
   * <p>A value belongs to the go block that took it, whoever works on it then: it is acknowledged
   * when that block ends well, or at {@link Work#done}, and comes again when the block throws. A
   * block that takes one after the other says {@code done} to each; one that has taken as many as
   * are given at once, and is done with none of them, would wait for itself, so {@code take} throws
   * an {@code IllegalStateException}. A pipe, and what else of this library moves values on, has
   * none of them: what it took is done with at {@link Work#done} alone.
   *
   * <p>So many wait here, out of reach of other programs, even while nobody takes. When the broker
   * is lost, those come again elsewhere, and takes wait until it is back. A value is taken <b>at
   * least once</b>, and those that come again come late (so CH-4 and CH-5 hold but for those).
   * <b>Closing</b> the queue puts back those that nobody took, ends waiting takes, and waits for
   * the blocks that hold one, but not for the block that closes. The port cannot be sent to a peer.
   *
   * @param atOnce how many values may be here and not done with, those that wait here included, at
   *     least 1
   */
  public ReadPort<Work<T>> readPort(int atOnce) {
    Holdings<T> holdings = new Holdings<>();
    WorkTakes<T> takes = new WorkTakes<>(this, atOnce, holdings);
    consume(atOnce, takes, holdings);
    return takes;
  }

  private void consume(int atOnce, Consumer.Receiver<T> receiver, Holdings<T> holdings) {
    if (atOnce < 1) {
      throw new IllegalArgumentException("at least one value is worked on, not " + atOnce);
    }
    Consumer<T> consumer = new Consumer<>(this, atOnce, receiver, holdings);
    consumers.add(consumer);
    consumer.start();
    if (ending.get()) {
      consumer.close();
    }
  }

  // ---- the end

  /**
   * Removes the queue from the broker, and the one for what was put aside, with all that is in
   * them, and closes this, unless it is closed. For work that nobody will want any more: who still
   * has it open makes it again.
   *
   * @throws IOException if the broker cannot be reached, or refuses
   */
  public void delete() throws IOException {
    Broker own = Broker.of(broker.address(), broker.options());
    close();
    boolean _ =
        Aside.call(
            "delete " + queue,
            () -> {
              try {
                queue.delete(own);
                return true;
              } finally {
                own.release();
              }
            });
  }

  @Override
  public void close() {
    if (ending.compareAndSet(false, true)) {
      WorkPuts<T> putting = putsSoFar();
      stop(putting);
      release(putting);
    }
  }

  private synchronized @Nullable WorkPuts<T> putsSoFar() {
    return puts;
  }

  /** Takes no more, and waits for what is under way, unless it is interrupted. */
  private void stop(@Nullable WorkPuts<T> putting) {
    if (putting != null) {
      putting.close();
    }
    consumers.forEach(Consumer::close);
    consumers.forEach(Consumer::awaitOthers);
    if (putting != null) {
      putting.awaitEnd();
    }
  }

  /** When nothing is under way any more: what is cut off is answered as if nobody had it. */
  private void release(@Nullable WorkPuts<T> putting) {
    Thread.ofVirtual()
        .name("end of " + queue)
        .start(
            () -> {
              consumers.forEach(Consumer::awaitEnd);
              if (putting != null) {
                putting.awaitEnd();
                putting.awaitCarried();
              }
              publisher.close();
              broker.release();
            });
  }

  @Override
  public String toString() {
    return queue + " at " + broker.address();
  }
}
