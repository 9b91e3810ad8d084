/** Programs to start from. */
@NullMarked
package dev.circulate.examples;

import org.jspecify.annotations.NullMarked;
