package dev.circulate.service;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Alts;
import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Csp;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.service.Everything.Item;
import dev.circulate.service.Everything.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** SV-2: what is taken from a channel has the type that its parameter, or its owner, says. */
public abstract class TypedChannelContract extends ServiceContractBase {
  private static final Item HAT = new Item("hat", 2, List.of(Size.SMALL));

  /** The contract of services that are reached so. */
  protected TypedChannelContract(Reach reach) {
    super(reach);
  }

  static class Feeds {
    @Command
    int count(ReadPort<Item> items) throws Exception {
      int sum = 0;
      for (Item item : items) {
        sum += item.count();
      }
      return sum;
    }

    @Command
    int first(Channel<Item> items) throws Exception {
      return Alts.<Integer>first().take(items, Item::count).await();
    }

    @Command
    int inside(Box box) throws Exception {
      return Objects.requireNonNull(box.items.take()).count();
    }

    @Command
    void fill(Channel<Item> to) throws Exception {
      try (to) {
        to.put(HAT);
        to.put(HAT);
      }
    }

    @Command
    String misfit(Channel<Item> items) throws Exception {
      try {
        return String.valueOf(items.take());
      } catch (ChannelFailedException e) {
        return String.valueOf(e.getCause());
      }
    }
  }

  record Box(ReadPort<Item> items) {}

  @Test
  @DisplayName("SV-2 what is taken from a channel has the element type that the parameter says")
  void elements() throws Exception {
    WritePort<Request> feeds = reach(Service.of(new Feeds()));
    Channel<Object> items = Csp.chan(4);
    items.put(HAT);
    items.put(Map.of("name", "scarf", "count", 40, "sizes", List.of()));
    items.close();
    assertThat(Request.to(feeds, "count").with("items", items).as(int.class)).isEqualTo(42);
    Channel<Object> more = Csp.chan(4);
    more.put(HAT);
    assertThat(Request.to(feeds, "first").with("items", more).as(int.class)).isEqualTo(2);
    more.put(HAT);
    assertThat(Request.to(feeds, "inside").with("box", Map.of("items", more)).as(int.class))
        .isEqualTo(2);
  }

  @Test
  @DisplayName(
      "SV-2 a channel that is handed over is shown with the element type to its owner, too")
  void ownChannel() throws Exception {
    Channel<Item> items = TypeOf.channelOf(Item.class).view(Csp.chan(4));
    Request.to(reach(Service.of(new Feeds())), "fill").with("to", items).done();
    assertThat(items.take()).isEqualTo(HAT);
    assertThat(Alts.<Item>first().take(items, item -> item).await()).isEqualTo(HAT);
    assertThat(items.take()).isNull();
  }

  @Test
  @DisplayName("SV-2 a channel is shown as no more than it is")
  void viewBeyondThePort() {
    Channel<String> channel = Csp.chan();
    assertThatThrownBy(() -> TypeOf.listOf(Item.class).view(channel))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(channel + " cannot be shown as a List<Item>");
    assertThatThrownBy(() -> TypeOf.channelOf(Item.class).view(channel.readPort()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be shown as a Channel<Item>");
  }

  @Test
  @DisplayName("SV-2 a value that does not fit the element type ends the channel, and says why")
  void misfitElement() throws Exception {
    WritePort<Request> feeds = reach(Service.of(new Feeds()));
    Channel<Object> items = Csp.chan(4);
    items.put("no hat");
    assertThat(Request.to(feeds, "misfit").with("items", items).as(String.class))
        .contains("invalid-argument")
        .contains("expected Item, but came the String \"no hat\"");
    until("the channel is cancelled", items::isClosed);
  }

  @Test
  @DisplayName("CH-5 SV-2 a drain gives what fits before a value that does not, and then says why")
  void drained() throws Exception {
    List<Object> undelivered = new ArrayList<>();
    Channel<Object> raw =
        Channel.builder().buffer(Csp.fixed(4)).onUndelivered(undelivered::add).open();
    Channel<Item> items = TypeOf.channelOf(Item.class).view(raw);
    raw.put(HAT);
    raw.put("no hat");
    raw.put(HAT);
    assertThat(items.drain(9)).containsExactly(HAT);
    assertThatThrownBy(() -> items.drain(9))
        .isInstanceOf(ChannelFailedException.class)
        .hasStackTraceContaining("expected Item, but came the String \"no hat\"");
    assertThat(undelivered).containsExactly(HAT);
  }

  @Test
  @DisplayName("CH-5 SV-2 an empty text that is no value ends the channel as any other misfit")
  void emptyText() throws Exception {
    UUID id = new UUID(1, 2);
    List<Object> undelivered = new ArrayList<>();
    Channel<Object> raw =
        Channel.builder().buffer(Csp.fixed(4)).onUndelivered(undelivered::add).open();
    Channel<UUID> ids = TypeOf.channelOf(UUID.class).view(raw);
    raw.put(id);
    raw.put("");
    raw.put(id);
    assertThat(ids.drain(9)).containsExactly(id);
    assertThatThrownBy(ids::take)
        .isInstanceOf(ChannelFailedException.class)
        .hasStackTraceContaining("expected UUID, but came the String \"\"");
    assertThat(raw.isClosed()).isTrue();
    assertThat(undelivered).containsExactly(id);
  }

  @Test
  @DisplayName("CH-5 SV-2 what becomes null where a value was expected ends the channel")
  void nullElement() throws Exception {
    Channel<Object> raw = Csp.chan(1);
    raw.put(Optional.empty());
    Channel<String> texts = TypeOf.channelOf(String.class).view(raw);
    assertThatThrownBy(texts::take)
        .isInstanceOf(ChannelFailedException.class)
        .hasStackTraceContaining("expected String, but came the Optional Optional.empty");
    assertThat(raw.isClosed()).isTrue();
  }
}
