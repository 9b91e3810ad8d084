@NullMarked
package dev.circulate.rabbitmq.testkit;

import org.jspecify.annotations.NullMarked;
