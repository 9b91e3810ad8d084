@NullMarked
package dev.circulate.browser;

import org.jspecify.annotations.NullMarked;
