package dev.circulate.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Makes a root with interceptors, which go around what it is asked and what its services are asked.
 *
 * {@snippet :
 * Root root = Root.builder("b-root").intercept(logging).intercept(tokens).open();
 * root.add("42", Service.of(new Calculator()), Visibility.PUBLIC);
 * }
 *
 * <p>Not safe for use by several threads. One builder may open several roots.
 */
public final class RootBuilder {
  private final String name;
  private final List<Interceptor> interceptors = new ArrayList<>();

  RootBuilder(String name) {
    this.name = Objects.requireNonNull(name, "name");
  }

  /**
   * Adds an interceptor, behind those that were added before. It goes around every request
   *
   * <ul>
   *   <li>to the root: its own commands, those of handlers, and what a delegate or the owner of a
   *       handler's channel answers,
   *   <li>to a service that is added to the root, by whoever has its channel from the root. Who has
   *       the service's own channel goes past the root, and past its interceptors.
   * </ul>
   *
   * <p>A service that a delegate has is that one's: it is found through the interceptors, and asked
   * without. What the root gives out for a service stays open when the service's channel is closed,
   * and then answers <i>unknown service</i>.
   *
   * @param interceptor what goes around every call
   */
  public RootBuilder intercept(Interceptor interceptor) {
    interceptors.add(Objects.requireNonNull(interceptor, "interceptor"));
    return this;
  }

  /** Opens the root, without services. */
  public Root open() {
    return new Root(name, List.copyOf(interceptors));
  }
}
