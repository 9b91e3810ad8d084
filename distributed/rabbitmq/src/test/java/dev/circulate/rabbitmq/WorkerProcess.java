package dev.circulate.rabbitmq;

import dev.circulate.runtime.Limits;
import dev.circulate.runtime.Node;
import dev.circulate.service.Command;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.Visibility;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * A node in a process of its own, which a test kills: offers {@code work}, and writes down each
 * number that it begins before it answers.
 *
 * <p>Its arguments: where it joins, the file to write to, and the grace in seconds. It ends when
 * its standard input does.
 */
final class WorkerProcess {
  private final Path begun;

  private WorkerProcess(Path begun) {
    this.begun = begun;
  }

  @Command
  long work(long number) throws Exception {
    // one write of one line to a file that is appended to: whole, or not at all
    Files.writeString(begun, number + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return number;
  }

  public static void main(String[] args) throws Exception {
    Root root =
        Root.named("worker")
            .add("work", Service.of(new WorkerProcess(Path.of(args[1]))), Visibility.PUBLIC);
    Limits limits = Limits.builder().grace(Duration.ofSeconds(Long.parseLong(args[2]))).build();
    try (Node node = Node.join(URI.create(args[0]), root, limits)) {
      IO.println("joined as " + node.name());
      while (System.in.read() >= 0) {
        IO.println(node.peers().stream().map(peer -> peer.held().toString()).toList());
      }
    }
  }
}
