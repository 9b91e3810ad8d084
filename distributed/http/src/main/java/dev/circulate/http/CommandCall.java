package dev.circulate.http;

import dev.circulate.ReadPort;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * One request for a command: by a method that it allows, with arguments, for an answer in a form
 * that the client takes.
 *
 * @param exchange the request
 * @param invocation asks for it
 * @param settings how long a body may be, and how often a stream says that it is alive
 * @param service whose command
 * @param name which
 */
record CommandCall(
    Exchange exchange, Invocation invocation, RestBuilder settings, String service, String name) {

  /** Asks the command, and writes its answer; returns when that is written, or on its way. */
  void answer() throws IOException, InterruptedException {
    Accepts accepts = exchange.accepts();
    Form form = accepts.forValue();
    if (form == null) {
      throw notAcceptable(accepts, "application/json, application/x-ndjson or text/event-stream");
    }
    Object answer = invocation.ask(service, name, arguments(accepts));
    if (answer instanceof ReadPort<?> values) {
      stream(accepts, values);
    } else {
      exchange.answer(form, answer);
    }
  }

  private static ProblemException notAcceptable(Accepts accepts, String forms) {
    return new ProblemException(Problem.notAcceptable(String.valueOf(accepts.text()), forms));
  }

  private static ProblemException noStream(Accepts accepts) {
    return notAcceptable(
        accepts, "application/x-ndjson or text/event-stream, since it is a stream");
  }

  // ---- arguments

  private Map<?, ?> arguments(Accepts accepts) throws IOException, InterruptedException {
    return switch (exchange.method()) {
      case "POST" -> {
        requireForm(accepts);
        yield Arguments.ofBody(exchange, new BodyReader(settings.bodyLimit(), invocation));
      }
      case "GET", "HEAD" -> Arguments.ofQuery(exchange, readOnly());
      default -> throw notAllowed();
    };
  }

  /** A command is not begun for who takes no stream, if it answers nothing else. */
  private void requireForm(Accepts accepts) throws InterruptedException {
    if (accepts.forStream() == null && isStream()) {
      throw noStream(accepts);
    }
  }

  private boolean isStream() throws InterruptedException {
    try {
      Commands.Command command = Catalog.of(invocation, service).get(name);
      return command != null && command.isStream();
    } catch (CallException e) {
      return false; // it says nothing of itself, and the command may answer all the same
    }
  }

  private Commands.Command readOnly() throws InterruptedException {
    Commands commands = Catalog.of(invocation, service);
    Commands.Command command = commands.get(name);
    if (command == null) {
      throw new CallException(
          new CallError.UnknownCommand(
              "'%s' has no command '%s', only %s"
                  .formatted(service, name, String.join(", ", commands.byName().keySet()))));
    }
    if (!command.readOnly()) {
      throw new ProblemException(
          Problem.methodNotAllowed(exchange.method(), exchange.path(), List.of("POST")));
    }
    return command;
  }

  private ProblemException notAllowed() throws InterruptedException {
    Commands.Command command = Catalog.of(invocation, service).get(name);
    return new ProblemException(
        Problem.methodNotAllowed(
            exchange.method(),
            exchange.path(),
            command != null && command.readOnly()
                ? List.of("GET", "HEAD", "POST")
                : List.of("POST")));
  }

  // ---- a stream

  private void stream(Accepts accepts, ReadPort<?> values) throws InterruptedException {
    Form form = accepts.forStream();
    if (form == null) {
      Streamed.giveUp(values);
      throw noStream(accepts);
    }
    Streamed stream = new Streamed(exchange, values, form, settings.beat(), invocation.cutOff());
    if (exchange.method().equals("HEAD")) {
      stream.writeHeader();
    } else {
      stream.write();
    }
  }
}
