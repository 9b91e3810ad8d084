package dev.circulate.examples;

import dev.circulate.rabbitmq.WorkQueue;
import dev.circulate.rabbitmq.testkit.Broker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
    try (Broker broker = Broker.find(); // the farm's, as the environment says
        WorkQueue<WordCount.Counted> results =
            WorkQueue.open(broker.uri(), args[0] + ".results", WordCount.Counted.class);
        WorkQueue<WordCount.Job> jobs =
            WorkQueue.open(broker.uri(), args[0] + ".jobs", WordCount.Job.class)) {
      jobs.work(AT_ONCE, work -> count(work.value().path(), results));
      IO.println("ready");
      while (System.in.read() >= 0) {
        // nothing is said to us
      }
    }
  }

  /** Puts a file's words, or why there are none: thrown, that would bring the file again. */
  static void count(String path, WorkQueue<WordCount.Counted> results) throws InterruptedException {
    long me = ProcessHandle.current().pid();
    try {
      results.put(new WordCount.Counted(path, words(Path.of(path)), Optional.empty(), me));
    } catch (IOException | RuntimeException | OutOfMemoryError e) { // unreadable, or too large
      results.put(new WordCount.Counted(path, Map.of(), Optional.of(e.toString()), me));
    }
  }

  private static Map<String, Object> words(Path file) throws IOException {
    Map<String, Object> words = new TreeMap<>();
    Matcher word = WORD.matcher(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    while (word.find()) {
      words.merge(word.group().toLowerCase(Locale.ROOT), 1L, (a, b) -> (Long) a + (Long) b);
    }
    return words;
  }
}
