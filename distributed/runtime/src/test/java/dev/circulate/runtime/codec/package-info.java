/** What values are on the wire, and what may not be. */
@NullMarked
package dev.circulate.runtime.codec;

import org.jspecify.annotations.NullMarked;
