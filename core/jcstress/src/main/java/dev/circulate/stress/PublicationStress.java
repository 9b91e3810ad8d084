package dev.circulate.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.circulate.Channel;
import dev.circulate.Csp;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** What a thread did before it put a value happens-before what another does after taking it. */
public class PublicationStress {
  static final class Message {
    int plain;

    Message(int value) {
      plain = value;
    }
  }

  private PublicationStress() {}

  /** Through the buffer, without a lock. */
  @JCStressTest
  @Outcome(id = "0", expect = FORBIDDEN, desc = "took the message before what was written into it")
  @Outcome(id = "-1", expect = ACCEPTABLE, desc = "looked before the message was there")
  @Outcome(
      id = "1",
      expect = ACCEPTABLE,
      desc = "took the message and all that was written into it")
  @State
  public static class ThroughTheBuffer {
    private final Channel<Message> channel = Csp.chan(1);

    @Actor
    public void putter() {
      channel.offer(new Message(1));
    }

    @Actor
    public void taker(I_Result r) {
      Message message = channel.poll();
      r.r1 = message == null ? -1 : message.plain;
    }
  }

  /** Through a buffer that the putters fill again and again, so that slots are reused. */
  @JCStressTest
  @Outcome(id = "0", expect = FORBIDDEN, desc = "took a message before what was written into it")
  @Outcome(id = "3", expect = ACCEPTABLE, desc = "took both messages whole")
  @State
  public static class ThroughAReusedSlot {
    private final Channel<Message> channel = Csp.chan(1);

    @Actor
    public void putter() {
      Threads.call(() -> channel.put(new Message(1)));
      Threads.call(() -> channel.put(new Message(2)));
    }

    @Actor
    public void taker(I_Result r) {
      int first = Threads.call(channel::take).plain;
      int second = Threads.call(channel::take).plain;
      r.r1 = first == 1 && second == 2 ? 3 : 0;
    }
  }

  /** From hand to hand, whoever comes first. */
  @JCStressTest
  @Outcome(id = "0", expect = FORBIDDEN, desc = "took the message before what was written into it")
  @Outcome(
      id = "1",
      expect = ACCEPTABLE,
      desc = "took the message and all that was written into it")
  @State
  public static class FromHandToHand {
    private final Channel<Message> channel = Csp.chan();

    @Actor
    public void putter() {
      Threads.call(() -> channel.put(new Message(1)));
    }

    @Actor
    public void taker(I_Result r) {
      r.r1 = Threads.call(channel::take).plain;
    }
  }

  /** From hand to hand between virtual threads. */
  @JCStressTest
  @Outcome(id = "0", expect = FORBIDDEN, desc = "took the message before what was written into it")
  @Outcome(
      id = "1",
      expect = ACCEPTABLE,
      desc = "took the message and all that was written into it")
  @State
  public static class BetweenVirtualThreads {
    private final Channel<Message> channel = Csp.chan();

    @Actor
    public void putter() {
      Threads.callVirtual(() -> channel.put(new Message(1)) ? 1 : 0);
    }

    @Actor
    public void taker(I_Result r) {
      r.r1 = Threads.callVirtual(() -> Threads.call(channel::take).plain);
    }
  }
}
