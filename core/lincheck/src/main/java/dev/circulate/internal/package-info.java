@NullMarked
package dev.circulate.internal;

import org.jspecify.annotations.NullMarked;
