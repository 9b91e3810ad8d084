package dev.circulate.internal;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What few channels have.
 *
 * @param name how the channel calls itself
 * @param onUndelivered who is handed every value that will never be taken
 * @param feed what fills or closes the channel on demand
 */
record Traits<T>(
    @Nullable String name, @Nullable Consumer<? super T> onUndelivered, @Nullable Feed feed) {}
