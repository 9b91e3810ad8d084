@NullMarked
package dev.circulate.http;

import org.jspecify.annotations.NullMarked;
