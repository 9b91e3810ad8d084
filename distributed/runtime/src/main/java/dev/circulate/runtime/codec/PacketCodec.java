package dev.circulate.runtime.codec;

import dev.circulate.internal.Glimpse;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Message.Cause;
import dev.circulate.runtime.session.Packet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The shape of packets and messages as transit maps with keyword keys; see {@link Packet} and
 * {@link Message} for their meaning. Without state, for use by any thread.
 */
public final class PacketCodec {
  private PacketCodec() {}

  /** The text of a packet. */
  public static String write(Packet packet) {
    return TransitCodec.write(fields(packet));
  }

  /** The bytes of a packet. */
  public static byte[] writeBytes(Packet packet) {
    return TransitCodec.writeBytes(fields(packet));
  }

  private static Map<Name, Object> fields(Packet packet) {
    return switch (packet) {
      case Packet.Hello(
              long version,
              String name,
              List<String> encodings,
              String session,
              long beat,
              int window,
              String credentials) ->
          map("hello")
              .with("version", version)
              .with("name", name)
              .with("encodings", encodings.isEmpty() ? null : encodings)
              .with("session", session)
              .with("beat", told(beat))
              .with("window", told(window))
              .with("credentials", credentials)
              .fields;
      case Packet.Resume(String session, long received) ->
          map("resume").with("session", session).with("received", received).fields;
      case Packet.Resumed(long received) -> map("resumed").with("received", received).fields;
      case Packet.Batch(long number, long received, List<Message> messages) ->
          map("batch")
              .with("number", number)
              .with("received", told(received))
              .with("messages", messages.stream().map(PacketCodec::fields).toList())
              .fields;
      case Packet.Beat(long said, long received) ->
          map("beat").with("said", told(said)).with("received", told(received)).fields;
      case Packet.Bye(String code, String sentence, long received) ->
          map("bye")
              .with("code", code)
              .with("sentence", sentence)
              .with("received", told(received))
              .fields;
    };
  }

  /** A number of which zero is not written. */
  private static @Nullable Long told(long number) {
    return number == 0 ? null : number;
  }

  private static Map<Name, Object> fields(Message message) {
    return switch (message) {
      case Message.Forward(
              String target,
              Object body,
              boolean request,
              long deadline,
              long released) ->
          map("forward", target)
              .with("body", body)
              .with("request", request ? true : null)
              .with("deadline", deadline < 0 ? null : deadline)
              .with("released", released == 0 ? null : released)
              .fields;
      case Message.Credit(String target, int puts) ->
          map("credit", target).with("count", puts).fields;
      case Message.Take(String target, int takers) ->
          map("take", target).with("count", takers).fields;
      case Message.Untake(String target, int takers) ->
          map("untake", target).with("count", takers).fields;
      case Message.Untaken(String target, int takers) ->
          map("untaken", target).with("count", takers).fields;
      case Message.Value(String target, Object body) ->
          map("value", target).with("body", body).fields;
      case Message.Home(String target, Object body) ->
          map("home", target).with("body", body).fields;
      case Message.Close(String target, Cause cause) ->
          map("close", target).with("cause", fields(cause)).fields;
      case Message.Cancel(String target, Cause cause) ->
          map("cancel", target).with("cause", fields(cause)).fields;
      case Message.Closed(String target, Cause cause, boolean drained) ->
          map("closed", target)
              .with("cause", fields(cause))
              .with("drained", drained ? true : null)
              .fields;
      case Message.Release(String target, long count) ->
          map("release", target).with("count", count).fields;
    };
  }

  private static @Nullable Map<Name, Object> fields(@Nullable Cause cause) {
    return cause == null
        ? null
        : new Fields().with("type", cause.type()).with("message", cause.message()).fields;
  }

  /**
   * The packet in a text; the bodies in it are still transit's types.
   *
   * @throws CodecException if the text is beyond a limit or not a packet
   */
  public static Packet read(String text, FrameLimits limits) {
    return packet(TransitCodec.read(text, limits));
  }

  /**
   * The packet in bytes; the bodies in it are still transit's types.
   *
   * @throws CodecException if they are beyond a limit or not a packet
   */
  public static Packet read(byte[] bytes, FrameLimits limits) {
    return packet(TransitCodec.read(bytes, limits));
  }

  private static Packet packet(Object decoded) {
    Incomplete frame = new Incomplete(decoded, "a frame");
    String type = frame.name("type");
    return switch (type) {
      case "hello" ->
          new Packet.Hello(
              frame.count("version"),
              frame.text("name"),
              frame.has("encodings") ? texts(frame.list("encodings")) : List.of(),
              frame.has("session") ? frame.text("session") : null,
              frame.numberOrZero("beat"),
              frame.has("window") ? frame.count("window") : 0,
              frame.has("credentials") ? frame.text("credentials") : null);
      case "resume" -> new Packet.Resume(frame.text("session"), frame.number("received"));
      case "resumed" -> new Packet.Resumed(frame.number("received"));
      case "batch" ->
          new Packet.Batch(
              frame.number("number"),
              frame.numberOrZero("received"),
              messages(frame.list("messages")));
      case "beat" -> new Packet.Beat(frame.numberOrZero("said"), frame.numberOrZero("received"));
      case "bye" ->
          new Packet.Bye(
              frame.text("code"), frame.text("sentence"), frame.numberOrZero("received"));
      default -> throw new CodecException("no frame is of type '" + type + "'");
    };
  }

  /** Those that are texts: what else is offered is of a later version. */
  private static List<String> texts(List<?> list) {
    return list.stream().filter(String.class::isInstance).map(String.class::cast).toList();
  }

  private static List<Message> messages(List<?> parts) {
    List<Message> messages = new ArrayList<>(parts.size());
    for (Object part : parts) {
      messages.add(message(new Incomplete(part, "a message")));
    }
    return messages;
  }

  private static Message message(Incomplete parts) {
    String type = parts.name("type");
    String target = parts.text("target");
    return switch (type) {
      case "forward" ->
          new Message.Forward(
              target,
              parts.value("body"),
              parts.flag("request"),
              parts.has("deadline") ? parts.number("deadline") : -1,
              parts.has("released") ? parts.positive("released") : 0);
      case "credit" -> new Message.Credit(target, parts.count("count"));
      case "take" -> new Message.Take(target, parts.count("count"));
      case "untake" -> new Message.Untake(target, parts.count("count"));
      case "untaken" -> new Message.Untaken(target, parts.ofAnInt("count"));
      case "value" -> new Message.Value(target, parts.value("body"));
      case "home" -> new Message.Home(target, parts.value("body"));
      case "close" -> new Message.Close(target, cause(parts));
      case "cancel" -> new Message.Cancel(target, cause(parts));
      case "closed" -> new Message.Closed(target, cause(parts), parts.flag("drained"));
      case "release" -> new Message.Release(target, parts.positive("count"));
      default -> throw new CodecException("no message is of type '" + type + "'");
    };
  }

  private static @Nullable Cause cause(Incomplete parts) {
    if (!parts.has("cause")) {
      return null;
    }
    Incomplete cause = new Incomplete(parts.value("cause"), "a cause");
    return new Cause(cause.text("type"), cause.has("message") ? cause.text("message") : null);
  }

  private static Fields map(String type) {
    return new Fields().with("type", Name.keyword(type));
  }

  private static Fields map(String type, String target) {
    return map(type).with("target", target);
  }

  /** A map in the making, in which null fields are left out. */
  private static final class Fields {
    final Map<Name, Object> fields = new LinkedHashMap<>(8);

    Fields with(String name, @Nullable Object value) {
      if (value != null) {
        fields.put(Name.keyword(name), value);
      }
      return this;
    }
  }

  /** A map that came in, of which nothing is certain yet. */
  private static final class Incomplete {
    private final Map<?, ?> fields;
    private final String what;

    Incomplete(Object value, String what) {
      if (!(value instanceof Map<?, ?> map)) {
        throw new CodecException(what + " is a map, not " + Glimpse.of(value));
      }
      this.fields = map;
      this.what = what;
    }

    boolean has(String name) {
      return fields.get(Name.keyword(name)) != null;
    }

    Object value(String name) {
      Object value = fields.get(Name.keyword(name));
      if (value == null) {
        throw new CodecException(what + " without :" + name);
      }
      return value;
    }

    String name(String name) {
      if (value(name) instanceof Name keyword) {
        return keyword.text();
      }
      throw wrong(name, "a keyword");
    }

    String text(String name) {
      if (value(name) instanceof String text) {
        return text;
      }
      throw wrong(name, "a string");
    }

    long number(String name) {
      if (value(name) instanceof Long number) {
        return number;
      }
      throw wrong(name, "a number");
    }

    long numberOrZero(String name) {
      return has(name) ? number(name) : 0;
    }

    int count(String name) {
      long _ = positive(name);
      return ofAnInt(name);
    }

    int ofAnInt(String name) {
      long number = number(name);
      if (number == (int) number) {
        return (int) number;
      }
      throw wrong(name, "a number of 32 bits");
    }

    long positive(String name) {
      long number = number(name);
      if (number > 0) {
        return number;
      }
      throw wrong(name, "a positive number");
    }

    boolean flag(String name) {
      return has(name) && Boolean.TRUE.equals(value(name));
    }

    List<?> list(String name) {
      if (value(name) instanceof List<?> list) {
        return list;
      }
      throw wrong(name, "a list");
    }

    private CodecException wrong(String name, String expected) {
      return new CodecException(
          ":" + name + " of " + what + " is " + expected + ", not " + Glimpse.of(value(name)));
    }
  }
}
