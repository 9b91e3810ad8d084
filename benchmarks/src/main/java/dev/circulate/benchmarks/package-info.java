/**
 * Our channels beside their peers, measured by JMH and reported.
 *
 * <p>Read in this order: {@link dev.circulate.benchmarks.Peer} says what each library is asked to
 * do, {@link dev.circulate.benchmarks.Scenario} with which numbers, {@link
 * dev.circulate.benchmarks.ScenarioBenchmark} is what JMH runs, {@link
 * dev.circulate.benchmarks.Bench} the program that runs it all and writes the report.
 */
@NullMarked
package dev.circulate.benchmarks;

import org.jspecify.annotations.NullMarked;
