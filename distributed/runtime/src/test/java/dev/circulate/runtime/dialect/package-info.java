/** The original's dialect: its recordings are replayed. */
@NullMarked
package dev.circulate.runtime.dialect;

import org.jspecify.annotations.NullMarked;
