package dev.circulate.http;

import dev.circulate.Csp;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Command;
import dev.circulate.service.Default;
import dev.circulate.service.Origin;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The service of the page docs/rest.md, where it stands as it is here. */
class Cafe {
  record Item(String name, int cents) {}

  private final List<Item> menu = List.of(new Item("tea", 250), new Item("milk", 99));

  @Command(doc = "The price of so many of an item, in cents.", readOnly = true)
  int price(String item, @Default("1") int count) {
    for (Item each : menu) {
      if (each.name.equals(item)) {
        return count * each.cents;
      }
    }
    throw new CallException(new CallError.Refused("we have no " + item));
  }

  @Command(readOnly = true)
  Stream<Item> menu() {
    return menu.stream();
  }

  @Command(doc = "Takes its time.")
  String brew() throws InterruptedException {
    Csp.timeout(Duration.ofMinutes(3)).take();
    return "tea";
  }

  @Command(readOnly = true)
  String whoAmI() {
    String identity = Origin.current().identity();
    return identity == null ? "somebody" : identity;
  }
}
