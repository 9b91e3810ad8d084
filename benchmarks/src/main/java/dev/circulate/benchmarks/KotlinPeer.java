package dev.circulate.benchmarks;

/** Coroutines and channels of Kotlin; the shapes themselves are in Kotlin, beside this. */
final class KotlinPeer implements Peer {
  @Override
  public long transfer(int capacity, int putters, int takers, int values) {
    return KotlinShapes.transfer(capacity, putters, takers, values);
  }

  @Override
  public long pingPong(int rounds) {
    return KotlinShapes.pingPong(rounds);
  }

  @Override
  public long chain(int capacity, int stages, int values) {
    return KotlinShapes.chain(capacity, stages, values);
  }

  @Override
  public long pairs(int capacity, int pairs, int values) {
    return KotlinShapes.pairs(capacity, pairs, values);
  }

  @Override
  public long select(int capacity, int arms, int values) {
    return KotlinShapes.select(capacity, arms, values);
  }

  @Override
  public long selectOneBusy(int arms, int values) {
    return KotlinShapes.selectOneBusy(arms, values);
  }

  @Override
  public long roundRobin(int capacity, int channels, int values) {
    return KotlinShapes.roundRobin(capacity, channels, values);
  }

  @Override
  public long spawn(int tasks, int rounds) {
    return KotlinShapes.spawn(tasks, rounds);
  }

  @Override
  public long timedTakes(int values) {
    return KotlinShapes.timedTakes(values);
  }

  @Override
  public Object idleChannel(int capacity) {
    return KotlinShapes.idleChannel(capacity);
  }

  @Override
  public Object parkedTakers(int count) {
    return KotlinShapes.parkedTakers(count);
  }
}
