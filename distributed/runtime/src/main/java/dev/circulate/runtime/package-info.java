/** Sessions, and the links that carry them. */
@NullMarked
package dev.circulate.runtime;

import org.jspecify.annotations.NullMarked;
