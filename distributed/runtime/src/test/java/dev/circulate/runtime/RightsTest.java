package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.internal.Pending;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.Message;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DI-12: what was given with some rights is used, and goes on, with those and no more. */
class RightsTest {
  private final Ear owner = new Ear();
  private final Tables tables = tables(owner);

  private static Tables tables(Ear peer) {
    return new Tables(peer, "a peer", Limits.DEFAULTS, () -> "ours");
  }

  private Object given(String rights) {
    return tables.resolve(theirs(rights));
  }

  private static Reference theirs(String rights) {
    return new Reference("theirs", Rights.parse(rights), false);
  }

  private Reference sent(Object port) {
    return tables.give(port, new ArrayList<>());
  }

  @Test
  @DisplayName("DI-12 a close without the right to is one of this side alone, and told to nobody")
  void close() {
    Channel<?> proxy = (Channel<?>) given("pt");
    proxy.close(new IllegalStateException("enough"));
    assertThat(proxy.isClosed()).isTrue();
    assertThat(owner.said).isEmpty();
  }

  @Test
  @DisplayName("DI-12 a cancel without the right to is one of this side alone, and told to nobody")
  void cancel() {
    Channel<?> proxy = (Channel<?>) given("pt");
    proxy.cancel();
    assertThat(proxy.isClosed()).isTrue();
    assertThat(owner.said).isEmpty();
  }

  @Test
  @DisplayName(
      "CH-4 DI-12 a cancel of this side alone sends home the last first: they are the next")
  void cancelSendsHome() {
    Channel<?> proxy = (Channel<?>) given("pt");
    Import held = ((ProxyChannel<?>) proxy).held();
    List<Pending> takers =
        List.of(
            held.receiver().inbound().takeAsync(new Nobody()),
            held.receiver().inbound().takeAsync(new Nobody()));
    takers.forEach(Pending::withdraw);
    held.receiver().value("first"); // both come too late
    held.receiver().value("second");
    owner.said.clear();
    proxy.cancel();
    assertThat(owner.said)
        .containsExactly(new Message.Home("theirs", "second"), new Message.Home("theirs", "first"));
  }

  @Test
  @DisplayName("DI-3 DI-6 a cancel of this side alone withdraws what its takers have asked for")
  void cancelWithdraws() {
    Import held = ((ProxyChannel<?>) given("pt")).held();
    List.of(new Nobody(), new Nobody()).forEach(held.receiver().inbound()::takeAsync);
    owner.said.clear();
    held.cancel(null);
    assertThat(owner.said).containsExactly(new Message.Untake("theirs", 2));
    held.receiver().untaken(2);
    held.abandon();
    assertThat(owner.said).endsWith(new Message.Release("theirs", 1));
  }

  @Test
  @DisplayName("CH-8b a cancel that the owner is told of ends its takers there, without more words")
  void cancelThere() {
    Import held = ((ProxyChannel<?>) given("ptc")).held();
    held.receiver().inbound().takeAsync(new Nobody());
    owner.said.clear();
    held.cancel(null);
    assertThat(owner.said).containsExactly(new Message.Cancel("theirs", null));
  }

  @ParameterizedTest(name = "DI-12 a proxy that was given with {0} goes home with that")
  @ValueSource(strings = {"ptc", "pt", "pc", "tc", "p", "t"})
  void home(String rights) {
    assertThat(sent(given(rights))).isEqualTo(theirs(rights));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "px", "P", "p t"})
  @DisplayName("DI-12 letters that are no rights are refused, also beside some that are")
  void otherLetters(String letters) {
    assertThatThrownBy(() -> Rights.parse(letters))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("letters of 'ptc', not '" + letters + "'");
  }

  @Test
  @DisplayName("DI-12 the face of a whole proxy goes home with its own rights")
  void faceHome() {
    Channel<?> proxy = (Channel<?>) given("ptc");
    assertThat(sent(proxy.writePort())).isEqualTo(theirs("p"));
    assertThat(sent(proxy.readPort())).isEqualTo(theirs("t"));
  }

  @ParameterizedTest(name = "DI-12 a proxy that was given with {0} is passed on with no more")
  @ValueSource(strings = {"ptc", "pt", "p", "t"})
  void passedOn(String rights) {
    Reference passedOn = tables(new Ear()).give(given(rights), new ArrayList<>());
    assertThat(passedOn.rights()).isEqualTo(Rights.parse(rights));
  }
}
