package dev.circulate.runtime;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.runtime.codec.FrameLimits;
import dev.circulate.runtime.codec.PacketCodec;
import dev.circulate.runtime.session.Packet;
import java.util.Objects;

/**
 * A link of which the test is the other end, frame by frame. It holds none: what is said waits
 * until the test hears it. Of a close on one end the other hears when the test lets it.
 */
final class ScriptedLink implements Link {
  private final Channel<Frame> incoming = Csp.chan();
  private final Channel<Frame> outgoing = Csp.chan();

  /** Says a packet; when it returns, what was said before has been dealt with. */
  void say(Packet packet) throws InterruptedException {
    incoming.put(new Frame.Text(PacketCodec.write(packet)));
  }

  /** The next packet that is said to the test. */
  Packet heard() throws InterruptedException {
    Frame.Text frame = (Frame.Text) Objects.requireNonNull(outgoing.take());
    return PacketCodec.read(frame.text(), FrameLimits.DEFAULTS);
  }

  /** Nothing more comes from the test: the link is down. */
  void breaks() {
    incoming.close();
  }

  /** How many frames are said that the test has not heard. */
  int waitingFrames() {
    return outgoing.waitingPutters();
  }

  @Override
  public ReadPort<Frame> incoming() {
    return incoming;
  }

  @Override
  public WritePort<Frame> outgoing() {
    return outgoing;
  }

  @Override
  public boolean carriesBytes() {
    return false;
  }

  @Override
  public String peer() {
    return "a test";
  }

  @Override
  public void close() {
    outgoing.close();
  }
}
