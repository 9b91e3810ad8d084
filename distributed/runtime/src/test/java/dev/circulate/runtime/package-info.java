/** The laws of distribution, over links that need no network. */
@NullMarked
package dev.circulate.runtime;

import org.jspecify.annotations.NullMarked;
