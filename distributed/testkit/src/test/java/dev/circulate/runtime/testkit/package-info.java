/** The laws of channels over networks that are bad by a seed. */
@NullMarked
package dev.circulate.runtime.testkit;

import org.jspecify.annotations.NullMarked;
