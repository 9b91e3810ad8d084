package dev.circulate.examples;

import dev.circulate.rabbitmq.WorkQueue;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A worker of {@link WordCount}: takes files from one queue, and puts what it has counted into
 * another. A file is done with when its words are safe at the broker.
 *
 * <p>It says when it is ready, and ends when its standard input does.
 */
public final class WordCountWorker {
  private static final int AT_ONCE = 2;
  private static final Pattern WORD = Pattern.compile("\\p{L}+");

  private WordCountWorker() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    URI broker = URI.create(args[0]);
    long me = ProcessHandle.current().pid();
    try (WorkQueue<WordCount.Counted> results =
            WorkQueue.open(broker, args[1] + ".results", WordCount.Counted.class);
        WorkQueue<WordCount.Job> jobs =
            WorkQueue.open(broker, args[1] + ".jobs", WordCount.Job.class)) {
      jobs.work(
          AT_ONCE,
          work -> {
            String path = work.value().path();
            results.put(new WordCount.Counted(path, words(Path.of(path)), me));
          });
      IO.println("ready");
      while (System.in.read() >= 0) {
        // nothing is said to us
      }
    }
  }

  static Map<String, Object> words(Path file) throws IOException {
    Map<String, Object> words = new TreeMap<>();
    Matcher word = WORD.matcher(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    while (word.find()) {
      words.merge(word.group().toLowerCase(Locale.ROOT), 1L, (a, b) -> (Long) a + (Long) b);
    }
    return words;
  }
}
