package dev.circulate.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** How answers are written. */
enum Form {
  /** One value. */
  JSON("application/json", "", "", "", ""),
  /** A value a line; an empty line says that there is none yet. */
  LINES("application/x-ndjson", "", "\n", "\n", ""),
  /**
   * Server-sent events; a comment says that there is none yet, and an event that no more come: a
   * browser would ask again.
   */
  EVENTS("text/event-stream", "data: ", "\n\n", ": none yet\n\n", "event: end\ndata: {}\n\n");

  private final String mediaType;
  private final String before;
  private final String after;
  private final String beat;
  private final String end;

  Form(String mediaType, String before, String after, String beat, String end) {
    this.mediaType = mediaType;
    this.before = before;
    this.after = after;
    this.beat = beat;
    this.end = end;
  }

  String mediaType() {
    return mediaType;
  }

  /** Writes a value, which is JSON in one line. */
  void write(byte[] json, ByteArrayOutputStream out) {
    out.writeBytes(utf8(before));
    out.writeBytes(json);
    out.writeBytes(utf8(after));
  }

  /** Writes an event of a name, where there are names. */
  void write(String event, byte[] json, ByteArrayOutputStream out) {
    if (this == EVENTS) {
      out.writeBytes(utf8("event: " + event + "\n"));
    }
    write(json, out);
  }

  /** What says that the stream is alive though nothing has come. */
  byte[] beat() {
    return utf8(beat);
  }

  /** What says that no more values come. */
  byte[] end() {
    return utf8(end);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
