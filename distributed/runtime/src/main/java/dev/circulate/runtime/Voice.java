package dev.circulate.runtime;

import dev.circulate.runtime.session.Message;
import dev.circulate.service.Request;

/** What exports and imports need of their peer: to be heard, and to name channels. */
interface Voice {
  /** Sends a message after those sent before. Never blocks. */
  void say(Message message);

  /**
   * The body that crosses for a value: its channels become references.
   *
   * @throws dev.circulate.runtime.codec.CodecException if the value cannot be sent
   */
  Object body(Object value);

  /**
   * Looks whether a value can be sent, without naming its channels.
   *
   * @throws dev.circulate.runtime.codec.CodecException if not
   */
  void check(Object value);

  /** The same for a request, whose reply channel is good for one put. */
  Object body(Request request);

  /** How many values may be on their way through one proxy. */
  int window();

  /**
   * Forgets an import.
   *
   * @return how often the peer had given it to us; 0 if it was forgotten before
   */
  int forget(Import forgotten);
}
