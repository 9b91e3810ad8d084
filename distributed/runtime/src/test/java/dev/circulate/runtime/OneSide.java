package dev.circulate.runtime;

import dev.circulate.WritePort;
import dev.circulate.runtime.codec.Codec;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.Session;
import dev.circulate.service.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** One side of a session whose peer has said hello: the test says what the peer says next. */
final class OneSide {
  private final Conversation conversation;
  private long heard;

  OneSide(Limits limits, WritePort<Request> root, Consumer<Object> onUndelivered) {
    this(limits, root, onUndelivered, limits.window());
  }

  /**
   * The same with a peer that tells another window.
   *
   * @param theirs how many values the peer lets be on their way
   */
  OneSide(Limits limits, WritePort<Request> root, Consumer<Object> onUndelivered, int theirs) {
    this(limits, root, onUndelivered, theirs, Runnable::run);
  }

  /**
   * One whose go blocks run when the test lets them.
   *
   * @param blocks runs what may be the program's code
   */
  static OneSide withBlocks(Limits limits, WritePort<Request> root, Executor blocks) {
    return new OneSide(limits, root, _ -> {}, limits.window(), blocks);
  }

  private OneSide(
      Limits limits,
      WritePort<Request> root,
      Consumer<Object> onUndelivered,
      int theirs,
      Executor blocks) {
    this.conversation =
        new Conversation(
            new Session(limits.session(), null, 1),
            "peer",
            new Terms(root, limits, Codec.JSON, onUndelivered, null, null),
            () -> {},
            Secrets::next,
            blocks);
    hear(new Packet.Hello(1, "peer", List.of(), null, 0, theirs, null));
  }

  Conversation conversation() {
    return conversation;
  }

  /** The peer says a message. */
  void hear(Message message) {
    hear(new Packet.Batch(++heard, 0, List.of(message)));
  }

  private void hear(Packet packet) {
    boolean _ = conversation.hear(packet, 50, 1);
  }

  /** What it says to the peer now. */
  List<Message> said() {
    List<Message> messages = new ArrayList<>();
    while (conversation.next(1) instanceof Packet.Batch batch) {
      messages.addAll(batch.messages());
    }
    return messages;
  }
}
