package dev.circulate.internal;

import dev.circulate.WaitingBlock.Wait;
import java.util.List;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** Records waits on channels for Java Flight Recorder, while it records them. */
final class WaitRecorder {
  /** Whether this JVM has the recorder: a runtime image may leave its module out. */
  private static final boolean PRESENT = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  /** What is recorded; its fields are read by the recorder. */
  @Name("dev.circulate.ChannelWait")
  @Label("Channel Wait")
  @Category("Circulate")
  @Description("A thread waited for a channel")
  @Threshold("20 ms")
  @SuppressWarnings("unused")
  private static final class ChannelWait extends Event {
    @Label("Operation")
    @Description("What it waited to do: TAKE, PUT or ALTS")
    @Nullable String operation;

    @Label("Channel")
    @Description("The channel, or the operations of an alts")
    @Nullable String channel;

    @Label("Block")
    @Description("The name of the go block, or of another thread")
    @Nullable String block;

    @Label("Outcome")
    @Description("How the wait ended")
    @Nullable String outcome;
  }

  private final ChannelWait event;

  private WaitRecorder(ChannelWait event) {
    this.event = event;
  }

  /** Begins a wait of the calling thread; null if nobody records. */
  static @Nullable WaitRecorder begin() {
    return PRESENT ? beginPresent() : null;
  }

  private static @Nullable WaitRecorder beginPresent() {
    ChannelWait event = new ChannelWait();
    if (!event.isEnabled()) {
      return null;
    }
    event.begin();
    return new WaitRecorder(event);
  }

  /** Ends it; recorded if it took longer than the threshold in force. */
  void end(ThreadWaiter waiter, ThreadWaiter.Ended ended) {
    event.end();
    if (event.shouldCommit()) {
      List<Wait> waits = Parked.waits(waiter);
      boolean isAlts = waiter instanceof ThreadWaiter.Choosing;
      event.operation = isAlts ? "ALTS" : waits.getFirst().operation().name();
      event.channel = isAlts ? waits.toString() : waits.getFirst().channel();
      event.block = Thread.currentThread().getName();
      event.outcome = ended.name();
      event.commit();
    }
  }
}
