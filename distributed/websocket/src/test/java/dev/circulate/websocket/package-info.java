@NullMarked
package dev.circulate.websocket;

import org.jspecify.annotations.NullMarked;
