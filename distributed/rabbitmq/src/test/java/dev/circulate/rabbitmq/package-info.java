@NullMarked
package dev.circulate.rabbitmq;

import org.jspecify.annotations.NullMarked;
