package dev.circulate.benchmarks;

import clojure.java.api.Clojure;
import clojure.lang.IFn;

/** Go blocks of core.async; the shapes themselves are in Clojure, in the resource shapes.clj. */
final class CoreAsyncPeer implements Peer {
  private static final String NAMESPACE = "dev.circulate.benchmarks.shapes";

  CoreAsyncPeer() {
    Clojure.var("clojure.core", "require").invoke(Clojure.read(NAMESPACE));
  }

  @Override
  public long transfer(int capacity, int putters, int takers, int values) {
    return (Long) shape("transfer").invoke(capacity, putters, takers, values);
  }

  @Override
  public long pingPong(int rounds) {
    return (Long) shape("ping-pong").invoke(rounds);
  }

  @Override
  public long chain(int capacity, int stages, int values) {
    return (Long) shape("chain").invoke(capacity, stages, values);
  }

  @Override
  public long pairs(int capacity, int pairs, int values) {
    return (Long) shape("pairs").invoke(capacity, pairs, values);
  }

  @Override
  public long select(int capacity, int arms, int values) {
    return (Long) shape("select").invoke(capacity, arms, values);
  }

  @Override
  public long selectOneBusy(int arms, int values) {
    return (Long) shape("select-one-busy").invoke(arms, values);
  }

  @Override
  public long roundRobin(int capacity, int channels, int values) {
    return (Long) shape("round-robin").invoke(capacity, channels, values);
  }

  @Override
  public long spawn(int tasks, int rounds) {
    return (Long) shape("spawn").invoke(tasks, rounds);
  }

  @Override
  public long timedTakes(int values) {
    return (Long) shape("timed-takes").invoke(values);
  }

  @Override
  public Object idleChannel(int capacity) {
    return shape("idle-channel").invoke(capacity);
  }

  @Override
  public Object parkedTakers(int count) {
    return shape("parked-takers").invoke(count);
  }

  private static IFn shape(String name) {
    return Clojure.var(NAMESPACE, name);
  }
}
