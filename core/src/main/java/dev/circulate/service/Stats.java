package dev.circulate.service;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** What a service or root counts, for {@code _stats}. */
final class Stats {
  private static final int BUCKETS = 64;

  private final LongAdder begun = new LongAdder();
  private final LongAdder served = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder overloaded = new LongAdder();
  private final LongAdder malformed = new LongAdder();
  private final LongAdder streams = new LongAdder();

  /** How many requests took from 2^i up to 2^(i+1) nanoseconds. */
  private final AtomicLongArray latencies = new AtomicLongArray(BUCKETS);

  void begun() {
    begun.increment();
  }

  void served(long nanos, boolean withError) {
    served.increment();
    if (withError) {
      failed.increment();
    }
    latencies.incrementAndGet(BUCKETS - 1 - Long.numberOfLeadingZeros(Math.max(1, nanos)));
  }

  void streamBegun() {
    streams.increment();
  }

  void streamEnded() {
    streams.decrement();
  }

  void overloaded() {
    overloaded.increment();
  }

  void malformed() {
    malformed.increment();
  }

  /** The counts as plain data; latencies in microseconds, right up to a factor of two. */
  Map<String, Object> toData() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("calls", served.sum());
    data.put("errors", failed.sum());
    data.put("under-way", begun.sum() - served.sum());
    data.put("streams", streams.sum());
    data.put("overloaded", overloaded.sum());
    data.put("malformed", malformed.sum());
    data.put("latency-us-median", quantile(0.5));
    data.put("latency-us-99", quantile(0.99));
    data.put("latency-us-max", quantile(1.0));
    return data;
  }

  private double quantile(double share) {
    long total = 0;
    for (int i = 0; i < BUCKETS; i++) {
      total += latencies.get(i);
    }
    long rank = (long) Math.ceil(total * share);
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += latencies.get(i);
      if (seen >= rank && seen > 0) {
        return Math.scalb(1.0, i + 1) / 1000;
      }
    }
    return 0;
  }
}
