@NullMarked
package dev.circulate.testkit;

import org.jspecify.annotations.NullMarked;
