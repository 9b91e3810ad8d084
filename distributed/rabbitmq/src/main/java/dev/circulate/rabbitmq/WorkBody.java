package dev.circulate.rabbitmq;

import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.Handlers;
import dev.circulate.runtime.codec.Incoming;
import dev.circulate.runtime.codec.Outgoing;
import dev.circulate.runtime.codec.Tagged;
import dev.circulate.runtime.codec.TransitCodec;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How a value of a queue is written: transit JSON, a record as its type in a tag of its name. A
 * channel is refused, since it would not outlive its program, and so is what no consumer could
 * read: it would be put aside, with nobody to hear why.
 */
final class WorkBody<T> {
  static final String CONTENT_TYPE = "application/transit+json";

  private final Class<T> type;
  private final WorkOptions options;
  private final Handlers handlers;

  WorkBody(Class<T> type, WorkOptions options) {
    this.type = type;
    this.options = options;
    this.handlers =
        type.isRecord()
            ? options.handlers().withRecord(type.getSimpleName(), type.asSubclass(Record.class))
            : options.handlers();
  }

  /**
   * @throws CodecException if it cannot be written, or not be read again; the message says what and
   *     where
   */
  byte[] write(T value) {
    Outgoing outgoing =
        new Outgoing(
            options.limits().depth(),
            handlers,
            _ -> {
              throw new CodecException("a channel does not outlive its program, as work may");
            });
    byte[] written = TransitCodec.write(outgoing.body(value)).getBytes(StandardCharsets.UTF_8);
    requireReadable(written);
    return written;
  }

  private void requireReadable(byte[] written) {
    if (written.length > Broker.MOST_BYTES) {
      throw new CodecException(
          "work of %d bytes; the limit is %d".formatted(written.length, Broker.MOST_BYTES));
    }
    try {
      read(written);
    } catch (CodecException e) {
      throw new CodecException("nobody could read this work: " + e.getMessage(), e);
    }
  }

  /**
   * @throws CodecException if it is nothing of the type; the message says why
   */
  T read(byte[] body) {
    Incoming incoming =
        new Incoming(
            options.limits().depth(),
            handlers,
            _ -> {
              throw new CodecException("a channel in work");
            });
    Object value =
        incoming.convert(
            TransitCodec.read(new String(body, StandardCharsets.UTF_8), options.limits()));
    if (!type.isInstance(value)) {
      throw misfit(value);
    }
    return type.cast(value);
  }

  private CodecException misfit(@Nullable Object value) {
    if (value instanceof Tagged(String tag, Object form)
        && form != null
        && tag.equals(type.getSimpleName())) {
      try {
        var _ = handlers.read(tag, form);
      } catch (Exception e) {
        return new CodecException(String.valueOf(e.getMessage()), e);
      }
    }
    return CodecException.misfit("work is a " + type.getSimpleName(), value);
  }
}
