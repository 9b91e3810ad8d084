package dev.circulate.examples;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.go;

import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Mult;
import dev.circulate.ReadPort;
import dev.circulate.SlowTap;
import dev.circulate.service.Command;
import java.io.IOException;

/**
 * A room where pages talk. A page brings two channels of its own: the server takes from one what
 * its person says, and puts into the other what everybody says. They cross the network as they
 * would a method call, and a link that breaks is not seen here: what is said meanwhile arrives.
 */
public final class Chat {
  /** What somebody says. */
  record Message(String from, String text) {}

  private final Channel<Message> said = chan(16);
  private final Mult<Message> everybody = Mult.of(said);

  public static void main(String[] args) throws IOException, InterruptedException {
    PageServer.serveUntilEnter(PageServer.start("chat", new Chat()));
  }

  /** Lets somebody in, until the page closes its channel or is lost. */
  @Command
  void join(String name, ReadPort<String> says, Channel<Message> hears) {
    // who is a whole window of messages behind is sent away, so that nobody waits for it
    everybody.tap(hears, SlowTap.DETACH);
    go(() -> listen(name, says));
  }

  private void listen(String name, ReadPort<String> says) throws InterruptedException {
    said.put(new Message(name, "has come"));
    try {
      for (String text : says) {
        said.put(new Message(name, text));
      }
    } catch (ChannelFailedException _) {
      // the page is gone
    }
    said.put(new Message(name, "has left"));
  }
}
