package dev.circulate.runtime.dialect;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What two peers of the original said to each other, frame by frame. */
record Recording(List<Recording.Line> lines) {
  /** A frame, and who sent it. */
  record Line(String from, String wire) {}

  static Recording of(String name) {
    try (InputStream in =
        Objects.requireNonNull(Recording.class.getResourceAsStream("/wire/" + name + ".jsonl"))) {
      ObjectMapper mapper = new ObjectMapper();
      return new Recording(
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .map(line -> parsed(mapper, line))
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Line parsed(ObjectMapper mapper, String line) {
    try {
      Map<String, Object> parts = mapper.readValue(line, new TypeReference<>() {});
      return new Line(String.valueOf(parts.get("from")), String.valueOf(parts.get("wire")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
