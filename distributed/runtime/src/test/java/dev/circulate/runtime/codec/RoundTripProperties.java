package dev.circulate.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import org.jspecify.annotations.Nullable;

/** What is sent is what arrives. */
class RoundTripProperties {
  @Property(tries = 1000)
  @Domain(Values.class)
  @Label("DI-1 a value arrives as what it was, and of the type that it had")
  void sameValue(@ForAll Object value) {
    assertSame(new Wire().across(value), value);
  }

  @Property(tries = 1000)
  @Domain(Values.class)
  @Label("DI-1 the same in MessagePack")
  void sameValueInBytes(@ForAll Object value) {
    assertSame(new Wire().acrossInBytes(value), value);
  }

  private static void assertSame(@Nullable Object arrived, Object value) {
    assertThat(arrived).isEqualTo(value);
    if (!(value instanceof Iterable) && !(value instanceof java.util.Map)) {
      assertThat(arrived).hasSameClassAs(value);
    }
  }

  @Property(tries = 500)
  @Domain(Values.class)
  @Label("DI-1 what arrived is sent on in the same words")
  void sameWords(@ForAll Object value) {
    Wire wire = new Wire();
    String words = wire.written(value);
    assertThat(wire.written(wire.read(words))).isEqualTo(words);
  }

  @Property(tries = 500)
  @Label("DI-1 any text arrives, or is refused because it has no UTF-8")
  void texts(@ForAll String text) {
    boolean whole = text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
    if (whole) {
      assertThat(new Wire().across(text)).isEqualTo(text);
    } else {
      assertThatThrownBy(() -> new Wire().across(text))
          .isInstanceOf(CodecException.class)
          .hasMessageContaining("half a surrogate pair");
    }
  }
}
