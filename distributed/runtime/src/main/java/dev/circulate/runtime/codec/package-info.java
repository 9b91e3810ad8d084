/**
 * From values to text and back: {@link dev.circulate.runtime.codec.TransitCodec} for the whole
 * frame, {@link dev.circulate.runtime.codec.Outgoing} and {@link
 * dev.circulate.runtime.codec.Incoming} for the values in it, in which a channel is a {@link
 * dev.circulate.runtime.codec.Reference}.
 */
@NullMarked
package dev.circulate.runtime.codec;

import org.jspecify.annotations.NullMarked;
