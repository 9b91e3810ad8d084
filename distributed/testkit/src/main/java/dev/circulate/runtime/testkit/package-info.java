/**
 * For tests of programs whose channels lead to other address spaces: {@link
 * dev.circulate.runtime.testkit.SeededNetwork}, a network that is bad by a seed, {@link
 * dev.circulate.runtime.testkit.Faults}, how bad, and {@link dev.circulate.runtime.testkit.Seed},
 * which a failing test says.
 */
@NullMarked
package dev.circulate.runtime.testkit;

import org.jspecify.annotations.NullMarked;
