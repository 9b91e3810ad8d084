package dev.circulate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Moves the values of several inputs, which come, go and change their mode, into one channel.
 *
 * {@snippet :
 * Mix<Sample> mix = Mix.into(out);
 * mix.admix(voice);
 * mix.toggle(music, Mix.Mode.PAUSE);
 * }
 *
 * <p>Which of several ready inputs is next is chosen at random. An input that has ended is left
 * out; if it ended with a cause, or with a value that does not fit, the {@linkplain
 * Csp#setUncaughtHandler uncaught handler} is told. <b>Closing.</b> The mix ends when its sink is
 * closed or cancelled, or refuses a value with an exception, which the uncaught handler is told, or
 * by {@link #close()}. The value on its way goes back to its input. It leaves its inputs as they
 * are, and {@code close} its sink, too. <b>Threads.</b> Every method may be called by any thread at
 * any time; none blocks.
 *
 * @param <T> the type of the values
 */
public final class Mix<T> implements AutoCloseable {
  /** What becomes of an input's values. */
  public enum Mode {
    /** They go into the sink, unless another input is solo. */
    PLAY,
    /** They are taken and lost. */
    MUTE,
    /** They are not taken. */
    PAUSE,
    /** They go into the sink, and those of inputs that are not solo are muted or paused. */
    SOLO
  }

  private final WritePort<? super T> to;
  private final Map<ReadPort<? extends T>, Mode> inputs = new LinkedHashMap<>();
  private Mode besideSolo = Mode.MUTE;

  /** Gets a value when the inputs or their modes have changed; closed when the mix is. */
  private final Channel<Boolean> changed = Csp.chan(Csp.sliding(1));

  private Mix(WritePort<? super T> to) {
    this.to = to;
  }

  /**
   * Begins a mix without inputs.
   *
   * @param to the sink
   * @param <T> the type of the values
   */
  public static <T> Mix<T> into(WritePort<? super T> to) {
    Mix<T> mix = new Mix<>(Objects.requireNonNull(to, "to"));
    Csp.go("mix into " + to, mix::run);
    return mix;
  }

  /**
   * Adds an input, or plays one that is there.
   *
   * @param input where to take from
   * @throws IllegalArgumentException if that is no port of this library's
   */
  public void admix(ReadPort<? extends T> input) {
    toggle(input, Mode.PLAY);
  }

  /**
   * Sets the mode of an input, which is added if it is not there.
   *
   * @param input which
   * @param mode what becomes of its values
   * @throws IllegalArgumentException if the input is no port of this library's
   */
  public void toggle(ReadPort<? extends T> input, Mode mode) {
    Objects.requireNonNull(mode, "mode");
    if (!Ports.isSelectable(Objects.requireNonNull(input, "input"))) {
      throw new IllegalArgumentException(
          "a mix takes from this library's channels, not from " + input);
    }
    synchronized (inputs) {
      inputs.put(input, mode);
    }
    changed.offer(true);
  }

  /**
   * Removes an input; does nothing if it is none.
   *
   * @param input which
   */
  public void unmix(ReadPort<? extends T> input) {
    synchronized (inputs) {
      inputs.remove(input);
    }
    changed.offer(true);
  }

  /** Removes all inputs. */
  public void unmixAll() {
    synchronized (inputs) {
      inputs.clear();
    }
    changed.offer(true);
  }

  /**
   * Sets what becomes of the others while an input is solo; at first they are muted.
   *
   * @param mode {@link Mode#MUTE} or {@link Mode#PAUSE}
   * @throws IllegalArgumentException if it is another
   */
  public void soloMode(Mode mode) {
    if (mode != Mode.MUTE && mode != Mode.PAUSE) {
      throw new IllegalArgumentException(
          "beside a solo input the others are on MUTE or PAUSE, not on " + mode);
    }
    synchronized (inputs) {
      besideSolo = mode;
    }
    changed.offer(true);
  }

  /** Ends the mix; its inputs and its sink stay open. */
  @Override
  public void close() {
    changed.close();
  }

  private void run() {
    Ports.handOn();
    List<Ports.Watch> watches = Pump.interruptWhenClosed(List.of(to));
    watches.addAll(Pump.interruptWhenClosed(List.of(changed)));
    try {
      while (moveOne()) {}
    } catch (InterruptedException e) {
      // the sink is closed, or the mix
    } catch (Throwable e) {
      UncaughtHandler.report("the mix into " + to, e);
    } finally {
      Pump.withdraw(watches);
      changed.close();
    }
  }

  /** What there is to do; answers false when the mix has ended. */
  private interface Move {
    boolean run() throws InterruptedException;
  }

  private boolean moveOne() throws InterruptedException {
    Pump.throwIfInterrupted();
    Alts<Move> next = Alts.<Move>first().take(changed, _ -> () -> true, _ -> () -> false);
    synchronized (inputs) {
      for (ReadPort<? extends T> input : inputs.keySet()) {
        if (modeOf(input) != Mode.PAUSE) {
          add(input, next);
        }
      }
    }
    return next.await().run();
  }

  private <S extends T> void add(ReadPort<S> input, Alts<Move> next) {
    next.take(input, value -> () -> put(input, value), cause -> () -> leaveOut(input, cause));
  }

  private boolean leaveOut(ReadPort<? extends T> input, @Nullable Throwable cause) {
    synchronized (inputs) {
      inputs.remove(input);
    }
    if (cause != null) {
      UncaughtHandler.report("the mix into " + to + ", whose input " + input + " failed", cause);
    }
    return true;
  }

  /** Moves a value on that was taken; false when nobody wants more. */
  private <S extends T> boolean put(ReadPort<S> input, S value) throws InterruptedException {
    Mode mode;
    synchronized (inputs) {
      mode = inputs.containsKey(input) ? modeOf(input) : Mode.PAUSE;
    }
    if (mode == Mode.MUTE) {
      return true;
    }
    if (mode == Mode.PAUSE) { // since this value was taken
      Ports.giveBack(input, value);
      return true;
    }
    boolean put = false;
    try {
      put = to.put(value);
    } finally {
      if (!put) {
        Ports.giveBack(input, value);
      }
    }
    return put;
  }

  /** The mode that holds for an input; called with the inputs' lock held. */
  private Mode modeOf(ReadPort<? extends T> input) {
    Mode own = Objects.requireNonNull(inputs.get(input));
    boolean besides = own != Mode.SOLO && inputs.containsValue(Mode.SOLO);
    return besides && own != Mode.PAUSE ? besideSolo : own;
  }
}
