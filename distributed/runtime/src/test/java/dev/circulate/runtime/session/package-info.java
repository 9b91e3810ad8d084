/** What a session is held to, without threads, links or clocks. */
@NullMarked
package dev.circulate.runtime.session;

import org.jspecify.annotations.NullMarked;
