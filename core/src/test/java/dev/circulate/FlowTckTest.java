package dev.circulate;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.go;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** CH-11: the rules of Reactive Streams, by their own technology compatibility kit. */
class FlowTckTest {
  private static final long PATIENCE_MILLIS = 1000;
  private static final long SILENCE_MILLIS = 50;

  @TestFactory
  @DisplayName("CH-11 a port is a publisher by the rules")
  Stream<DynamicTest> publisher() {
    return testsOf(Publishing.class, Publishing::new);
  }

  @TestFactory
  @DisplayName("CH-11 a port is a subscriber by the rules")
  Stream<DynamicTest> subscriber() {
    return testsOf(Subscribing.class, Subscribing::new);
  }

  /** The kit is written for TestNG: runs each of its tests in an object of its own. */
  private static <T> Stream<DynamicTest> testsOf(Class<T> kit, Supplier<T> make) {
    return Arrays.stream(kit.getMethods())
        .filter(method -> method.isAnnotationPresent(Test.class))
        .filter(method -> !method.getName().startsWith("untested_"))
        .map(method -> DynamicTest.dynamicTest(method.getName(), () -> run(make.get(), method)));
  }

  private static void run(Object kit, Method test) throws Throwable {
    callEach(BeforeClass.class, kit);
    callEach(BeforeMethod.class, kit);
    try {
      test.invoke(kit);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SkipException skipped) {
        throw new TestAbortedException(skipped.getMessage(), skipped);
      }
      throw e.getCause() == null ? e : e.getCause();
    } finally {
      callEach(AfterClass.class, kit);
    }
  }

  private static void callEach(Class<? extends Annotation> marked, Object kit)
      throws ReflectiveOperationException {
    for (Method method : kit.getClass().getMethods()) {
      if (method.isAnnotationPresent(marked)) {
        method.invoke(kit);
      }
    }
  }

  private static TestEnvironment environment() {
    return new TestEnvironment(PATIENCE_MILLIS, SILENCE_MILLIS);
  }

  /** Publishers made of channels that a go block fills. */
  public static final class Publishing extends FlowPublisherVerification<Long> {
    Publishing() {
      super(environment());
    }

    @Override
    public Flow.Publisher<Long> createFlowPublisher(long elements) {
      Channel<Long> channel = chan(4);
      go(
          () -> {
            for (long i = 0; i < elements && channel.put(i); i++) {
              // the put is the work
            }
            channel.close();
          });
      return Csp.publisher(channel);
    }

    @Override
    public Flow.Publisher<Long> createFailedFlowPublisher() {
      Channel<Long> channel = chan();
      channel.close(new IllegalStateException("closed with a cause"));
      return Csp.publisher(channel);
    }
  }

  /** Subscribers that fill a channel which a go block empties. */
  public static final class Subscribing extends FlowSubscriberBlackboxVerification<Long> {
    Subscribing() {
      super(environment());
    }

    @Override
    public Flow.Subscriber<Long> createFlowSubscriber() {
      Channel<Long> channel = chan();
      go(
          () -> {
            while (channel.take() != null) {
              // taking is all
            }
            return null;
          });
      return Csp.subscriber(channel, 4);
    }

    @Override
    public Long createElement(int element) {
      return (long) element;
    }
  }
}
