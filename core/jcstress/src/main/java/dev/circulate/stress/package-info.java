/**
 * What threads can see of one another through a channel, under every reordering that the machine
 * and the compilers do: jcstress counts the outcomes of millions of runs, and a forbidden one fails
 * the build. Each outcome is told in a sentence.
 */
@NullMarked
package dev.circulate.stress;

import org.jspecify.annotations.NullMarked;
