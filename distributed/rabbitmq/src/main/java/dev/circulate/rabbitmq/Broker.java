package dev.circulate.rabbitmq;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import dev.circulate.runtime.Distrust;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The one connection that this process has to a broker, as the same user and with the same options.
 *
 * <p>Whoever {@linkplain #of acquires} it releases it once; the last one closes the connection. One
 * that broke is replaced when somebody asks for a channel again, and whatever was made over the old
 * one has ended with it.
 *
 * <p>None of this may be done by a thread that can be interrupted: an interrupt of a virtual thread
 * that writes to a socket closes it, and with it everybody's links.
 */
final class Broker {
  /** A longer message ends the connection; one that is only longer than a frame, its link. */
  static final int MOST_BYTES = 64 << 20;

  private record Key(AmqpAddress address, AmqpOptions options) {}

  /** Guarded by itself, and so is {@link #users} of everyone in it. */
  private static final Map<Key, Broker> OPEN = new HashMap<>();

  private final Key key;
  private int users;

  /** The exclusive queues that this process has over this connection. */
  private final Set<String> queues = ConcurrentHashMap.newKeySet();

  /** The last attempt to connect, which is everybody's who wants to meanwhile; guarded by this. */
  private @Nullable CompletableFuture<Connection> attempt;

  /** Whether nobody is to connect any more; guarded by this. */
  private boolean released;

  private Broker(Key key) {
    this.key = key;
  }

  /** The connection to whichever broker the address names, to be {@linkplain #release released}. */
  static Broker of(AmqpAddress address, AmqpOptions options) {
    synchronized (OPEN) {
      Broker broker = OPEN.computeIfAbsent(new Key(address.broker(), options), Broker::new);
      broker.users++;
      return broker;
    }
  }

  /** One who acquired it is done with it, and with every channel that it got. */
  void release() {
    synchronized (OPEN) {
      users--;
      if (users > 0) {
        return;
      }
      OPEN.remove(key);
    }
    CompletableFuture<Connection> last;
    synchronized (this) {
      released = true;
      last = attempt;
    }
    if (last != null) {
      var _ = last.thenAccept(open -> open.abort((int) key.options.patience().toMillis()));
    }
  }

  /** How many connections are held in this process. */
  static int held() {
    synchronized (OPEN) {
      return OPEN.size();
    }
  }

  AmqpAddress address() {
    return key.address;
  }

  AmqpOptions options() {
    return key.options;
  }

  /**
   * A new channel to the broker.
   *
   * @throws IOException if the broker cannot be reached, or refuses; the message says which
   */
  Channel channel() throws IOException {
    try {
      Channel channel = connection().createChannel();
      if (channel == null) {
        throw new IOException("the broker at " + address() + " allows no more channels");
      }
      return channel;
    } catch (ShutdownSignalException e) {
      throw new IOException("the broker at " + address() + " is lost: " + Mailbox.reason(e), e);
    }
  }

  /**
   * Whether nobody in this process has an exclusive queue, which is the caller's then until it
   * {@linkplain #leave leaves} it. A broker knows connections, not who uses one: it would be asked
   * for a second reader, and Qpid answers that by deleting the queue under the first.
   */
  boolean claim(String queue) {
    return queues.add(queue);
  }

  /** The caller had claimed the queue, and is done with it. */
  void leave(String queue) {
    queues.remove(queue);
  }

  private Connection connection() throws IOException {
    CompletableFuture<Connection> shared;
    synchronized (this) {
      if (released) {
        throw new IOException("the connection to " + address() + " was closed here");
      }
      shared = attempt;
      if (shared == null || isOver(shared)) {
        shared = Aside.start("connect to " + address(), this::connect);
        attempt = shared;
      }
    }
    return Aside.join(shared);
  }

  private static boolean isOver(CompletableFuture<Connection> attempt) {
    return attempt.isCompletedExceptionally()
        || (attempt.isDone() && !attempt.resultNow().isOpen());
  }

  private Connection connect() throws IOException {
    AmqpAddress address = address();
    try {
      return factory().newConnection("circulate " + ProcessHandle.current().pid());
    } catch (AuthenticationFailureException e) {
      throw new IOException(
          "the broker at %s refuses user '%s' with this password"
              .formatted(address, address.user()),
          e);
    } catch (PossibleAuthenticationFailureException e) {
      throw new IOException(
          "the broker at %s ended the connection when user '%s' logged in: it is lost, or refuses user '%s' with this password"
              .formatted(address, address.user(), address.user()),
          e);
    } catch (SSLException e) {
      throw new IOException(
          "no TLS with the broker at %s: %s (%s)"
              .formatted(address, Distrust.words(e, address.host()), words(e)),
          e);
    } catch (IOException e) {
      throw new IOException(
          e.getCause() instanceof ShutdownSignalException signal
              ? "the broker at %s refuses user '%s': %s"
                  .formatted(address, address.user(), Mailbox.reason(signal))
              : "no broker answers at %s: %s".formatted(address, words(e)),
          e);
    } catch (TimeoutException e) {
      throw new IOException(
          "no broker answers at %s within %s".formatted(address, options().patience()), e);
    }
  }

  private static String words(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private ConnectionFactory factory() throws IOException {
    AmqpAddress address = address();
    int patience = (int) options().patience().toMillis();
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost(address.host());
    factory.setPort(address.port());
    factory.setVirtualHost(address.vhost());
    factory.setUsername(address.user());
    factory.setPassword(address.password());
    factory.setConnectionTimeout(patience);
    factory.setHandshakeTimeout(patience);
    factory.setChannelRpcTimeout(patience);
    factory.setRequestedHeartbeat((int) options().heartbeat().toSeconds());
    // of as many bytes as this it takes none
    factory.setMaxInboundMessageBodySize(Math.max(MOST_BYTES, options().frameBytes()) + 1);
    // what stands on a connection does not outlive it: a link is cut, and resumed by its session
    factory.setAutomaticRecoveryEnabled(false);
    factory.setThreadFactory(Thread.ofVirtual().name("amqp ", 0).factory());
    factory.setSharedExecutor(Executors.newVirtualThreadPerTaskExecutor());
    if (address.secure()) {
      secure(factory);
    }
    return factory;
  }

  private void secure(ConnectionFactory factory) throws IOException {
    SSLContext tls = options().tls();
    try {
      factory.useSslProtocol(tls == null ? SSLContext.getDefault() : tls);
    } catch (GeneralSecurityException e) {
      throw new IOException("no TLS for " + address() + ": " + e.getMessage(), e);
    }
    factory.enableHostnameVerification();
  }
}
