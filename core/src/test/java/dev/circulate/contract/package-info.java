/**
 * The laws of a channel as tests against {@link dev.circulate.Channel}, written once and run
 * against every kind of channel that a user can get hold of.
 *
 * <p>A kind plugs in by a {@link Wiring}, which says how the two ends of a channel are held: by one
 * object here, by a channel and its proxy there. Each abstract class is a group of laws:
 *
 * <ul>
 *   <li>{@link ChannelContract}: what every channel promises that gives each value once;
 *   <li>{@link BlockingContract}: what a rendezvous and a fixed buffer promise besides;
 *   <li>{@link AltsContract}: what an alts over such channels promises;
 *   <li>{@link LossyContract} and {@link PromiseContract}: the buffers that lose and keep values;
 *   <li>{@link LocalContract} and {@link LocalAltsContract}: what holds only where both ends are
 *       the same object.
 * </ul>
 *
 * <p>{@link GoForContract}, {@link GoForFailureContract} and {@link RootContract} are the laws of
 * GoFor and of roots; they plug in by a {@link Reach}, which says how a caller comes by a service.
 *
 * {@snippet :
 * class ProxyTest {
 *   @Nested
 *   class Rendezvous extends BlockingContract {
 *     Rendezvous() {
 *       super(new Buffer.Rendezvous(), network::connect);
 *     }
 *   }
 * }
 * }
 */
@NullMarked
package dev.circulate.contract;

import org.jspecify.annotations.NullMarked;
