/**
 * For tests of programs that use channels and go blocks: {@link dev.circulate.testkit.TestTime}, a
 * clock that the test moves.
 */
@NullMarked
package dev.circulate.testkit;

import org.jspecify.annotations.NullMarked;
