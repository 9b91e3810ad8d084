package dev.circulate.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where and with what the figures were measured. */
final class Machine {
  private static final Pattern MODEL = Pattern.compile("model name\\s*: (.+)");

  private Machine() {}

  static String describe() {
    return """
    - Machine: %s, %d processors, %s %s
    - JVM: %s %s
    - Versions: %s\
    """
        .formatted(
            processor().orElse(System.getProperty("os.arch")),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("java.vm.name"),
            Runtime.version(),
            System.getProperty("circulate.bench.versions", "not given"));
  }

  private static Optional<String> processor() {
    try {
      Matcher model = MODEL.matcher(Files.readString(Path.of("/proc/cpuinfo")));
      return model.find() ? Optional.of(model.group(1)) : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
