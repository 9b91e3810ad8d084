package dev.circulate.runtime.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Both ends of a wire without a session: what is sent arrives. */
final class Wire {
  private static final int DEPTH = 20;

  private final List<Object> channels = new ArrayList<>();
  private final Outgoing outgoing;
  private final Incoming incoming;

  Wire() {
    this(Handlers.none(), Handlers.none());
  }

  Wire(Handlers there, Handlers here) {
    this.outgoing =
        new Outgoing(
            DEPTH,
            there,
            port -> {
              channels.add(port);
              return new Reference(String.valueOf(channels.size() - 1), Rights.ALL, false);
            });
    this.incoming =
        new Incoming(DEPTH, here, reference -> channels.get(Integer.parseInt(reference.guid())));
  }

  /** The text of a value, in a map as in any frame. */
  String written(@Nullable Object value) {
    Map<Object, @Nullable Object> frame = new java.util.HashMap<>();
    frame.put("v", outgoing.convert(value));
    return TransitCodec.write(frame);
  }

  /** The value after it has crossed in bytes. */
  @Nullable Object acrossInBytes(@Nullable Object value) {
    byte[] bytes =
        TransitCodec.writeBytes(
            List.of(Objects.requireNonNullElse(outgoing.convert(value), "null")));
    List<?> frame =
        (List<?>)
            Objects.requireNonNull(
                incoming.convert(TransitCodec.read(bytes, FrameLimits.DEFAULTS)));
    return frame.getFirst();
  }

  @Nullable Object read(String text) {
    Map<?, ?> frame =
        (Map<?, ?>)
            Objects.requireNonNull(incoming.convert(TransitCodec.read(text, FrameLimits.DEFAULTS)));
    return frame.get("v");
  }

  @Nullable Object across(@Nullable Object value) {
    return read(written(value));
  }
}
