/**
 * How to talk to a peer of the original, which says no version: {@link
 * dev.circulate.runtime.dialect.Dialect} stands between its frames and this library's packets, and
 * nothing else knows of it. See {@code docs/dialect.md}.
 */
@NullMarked
package dev.circulate.runtime.dialect;

import org.jspecify.annotations.NullMarked;
