package dev.circulate.runtime.codec;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * DI-9: a long name is written once in a frame, and may stand there thousands of times. It costs
 * its own length, whatever becomes of what it stands in.
 */
class RepeatedNamesTest {
  private static final int LENGTH = 10_000;
  private static final int TIMES = 2_000;

  /** So much is it if it is written out: far more than all that is read or said here. */
  private static final long MOST_ALLOCATED = (long) LENGTH * TIMES / 4;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static Throwable thrownCheaply(ThrowingCallable work) {
    Throwable _ = catchThrowable(work); // classes are loaded
    long before = THREADS.getCurrentThreadAllocatedBytes();
    Throwable thrown = catchThrowable(work);
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_ALLOCATED);
    return thrown;
  }

  /**
   * A list of one name.
   *
   * @param before how many names and tags stand in the frame before it
   */
  private static String names(int before) {
    return "[\"~:" + "x".repeat(LENGTH) + "\"" + (",\"^" + before + "\"").repeat(TIMES - 1) + "]";
  }

  static List<String> refused() {
    String type = "[\"^ \",\"~:type\",";
    return List.of(
        names(0),
        "[\"~#set\"," + names(1) + "]",
        "[\"~#cmap\",[" + names(1) + ",1]]",
        "[\"~#thing\"," + names(1) + "]",
        "[\"~#chan-guid\"," + names(1) + "]",
        type + names(1) + "]",
        type + "\"~:beat\",\"~:said\"," + names(3) + "]",
        type + "\"~:bye\",\"~:code\"," + names(3) + "]",
        type + "\"~:batch\",\"~:number\",1,\"~:messages\",[[\"~#thing\"," + names(5) + "]]]");
  }

  @ParameterizedTest(name = "{displayName} [{index}]")
  @MethodSource
  @DisplayName("DI-9 what is said of a frame that is none does not repeat all that is in it")
  void refused(String frame) {
    assertThat(thrownCheaply(() -> PacketCodec.read(frame, FrameLimits.DEFAULTS)))
        .isInstanceOf(CodecException.class)
        .message()
        .contains("not ")
        .hasSizeLessThan(1_000);
  }

  private static Object arrived() {
    Object read = TransitCodec.read(names(0), FrameLimits.DEFAULTS);
    return requireNonNull(new Incoming(100, Handlers.none(), reference -> reference).convert(read));
  }

  @Test
  @DisplayName("DI-9 what would be too long is refused when it goes on, and not written to see")
  void goesOn() {
    List<?> names = (List<?>) arrived();
    assertThat(names).hasSize(TIMES);
    Outgoing outgoing =
        new Outgoing(100, Handlers.none(), _ -> new Reference("", Rights.ALL, false));
    FrameLimits limits = new FrameLimits(1 << 16, 100, 1 << 16, 100_000);
    assertThat(
            thrownCheaply(
                () -> outgoing.measured(outgoing.body(names), limits, Encoding.MESSAGE_PACK)))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("a value, in its frame,")
        .hasMessageContaining("the limit is 65536");
  }

  @Test
  @DisplayName("DI-9 the same of names in maps whose keys are no texts, which are written in full")
  void inPairs() {
    String key = "x".repeat(LENGTH);
    Object maps = Collections.nCopies(TIMES, Map.of(key, 1, List.of(1), 2));
    Outgoing outgoing =
        new Outgoing(100, Handlers.none(), _ -> new Reference("", Rights.ALL, false));
    FrameLimits limits = new FrameLimits(1 << 16, 100, 1 << 16, 100_000);
    assertThat(thrownCheaply(() -> outgoing.measured(outgoing.body(maps), limits, Encoding.JSON)))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("the limit is 65536");
  }

  @Test
  @DisplayName("DI-2 a long name that stands in many places goes on, since it is written once")
  void keys() {
    String key = "x".repeat(LENGTH);
    Object maps = Collections.nCopies(TIMES, Map.of(key, 1));
    Outgoing outgoing =
        new Outgoing(100, Handlers.none(), _ -> new Reference("", Rights.ALL, false));
    int _ = outgoing.measured(outgoing.body(maps), FrameLimits.DEFAULTS, Encoding.MESSAGE_PACK);
  }

  @Test
  @DisplayName("DI-9 a value of an unknown kind writes itself, for people, and not all of it")
  void tagged() {
    Object tagged = new Tagged("thing", arrived());
    assertThat(thrownCheaply(() -> assertThat(tagged.toString()).hasSizeLessThan(1_000))).isNull();
  }
}
