package dev.circulate.rabbitmq;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import dev.circulate.rabbitmq.testkit.PrivateBroker;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a broker's queues hold and what all threads do, for the message of a test that waits in
 * vain.
 */
final class Diagnosis {
  private Diagnosis() {}

  static String of(PrivateBroker broker) {
    try {
      return "the queues:\n"
          + broker.control(
              "list_queues", "name", "messages_ready", "messages_unacknowledged", "consumers")
          + "the threads:\n"
          + threads();
    } catch (IOException e) {
      return "no diagnosis: " + e;
    }
  }

  /** Virtual threads as well. */
  private static String threads() throws IOException {
    Path folder = Files.createTempDirectory("threads");
    Path file = folder.resolve("dump");
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
      return Files.readString(file);
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }
}
