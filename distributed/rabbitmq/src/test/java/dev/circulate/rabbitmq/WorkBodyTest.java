package dev.circulate.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Checked;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.Handlers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What can be work, and what is refused since nobody could read it. */
class WorkBodyTest {
  record Size(int width, int height) {}

  record Picture(String name, DayOfWeek taken, Optional<Size> crop, List<Size> sizes) {}

  record Album(Crop crop) {}

  sealed interface Crop {}

  record Square(int side) implements Crop {}

  private static <T> AbstractThrowableAssert<?, ?> refused(Class<T> type, T value) {
    WorkBody<T> body = new WorkBody<>(type, WorkOptions.DEFAULTS);
    return assertThatThrownBy(() -> body.write(value)).isInstanceOf(CodecException.class);
  }

  @Test
  @DisplayName("a record of plain data, enums and records is work")
  void records() {
    WorkBody<Picture> body = new WorkBody<>(Picture.class, WorkOptions.DEFAULTS);
    Picture picture =
        new Picture(
            "cat.png", DayOfWeek.MONDAY, Optional.of(new Size(1, 2)), List.of(new Size(3, 4)));
    assertThat(body.read(body.write(picture))).isEqualTo(picture);
  }

  @Test
  @DisplayName("what is beyond the limits is refused, with the limit")
  void beyondLimits() {
    refused(String.class, "x".repeat((1 << 20) + 1)).hasMessageContaining("the limit is 1048576");
    refused(List.class, Collections.nCopies(100_001, 1)).hasMessageContaining("100000");
  }

  @Test
  @DisplayName("what the program's code cannot read is refused, in words, whatever that throws")
  void handlerFails() {
    Handlers handlers =
        Handlers.none()
            .with(
                "DayOfWeek",
                DayOfWeek.class,
                DayOfWeek::name,
                _ -> Checked.thrown(new IOException("the calendar is closed")));
    WorkBody<DayOfWeek> body =
        new WorkBody<>(DayOfWeek.class, WorkOptions.DEFAULTS.withHandlers(handlers));
    assertThatThrownBy(() -> body.write(DayOfWeek.MONDAY))
        .isInstanceOf(CodecException.class)
        .hasMessage("nobody could read this work: the calendar is closed");
  }

  @Test
  @DisplayName("what would be read as something else is refused, in words")
  void otherForm() {
    refused(DayOfWeek.class, DayOfWeek.MONDAY)
        .hasMessage("nobody could read this work: work is a DayOfWeek, not MONDAY");
    refused(Crop.class, new Square(1)).hasMessageContaining("work is a Crop, not");
    refused(Album.class, new Album(new Square(1)))
        .hasMessageContaining("crop of a Album is a Crop, not a LinkedHashMap");
  }

  @Test
  @DisplayName("DI-9 what is none of the type is told in few words, however often it names a name")
  void repeatedNames() {
    WorkBody<Size> body = new WorkBody<>(Size.class, WorkOptions.DEFAULTS);
    String names = "[\"~:" + "k".repeat(10_000) + "\"" + ",\"^0\"".repeat(1_000) + "]";
    assertThatThrownBy(() -> body.read(names.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(CodecException.class)
        .message()
        .startsWith("work is a Size, not [")
        .hasSizeLessThan(1_000);
  }
}
