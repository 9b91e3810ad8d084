package dev.circulate.http;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Says as problem documents what the HTTP server itself refuses: a bad line, a long header. */
final class ServerErrors extends ErrorHandler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    Object message = request.getAttribute(ERROR_MESSAGE);
    Problem problem = problem(status, message == null ? "" : message.toString());
    new Exchange(request, response, callback).problem(problem);
    return true;
  }

  private static Problem problem(int status, String message) {
    return Problem.ofServer(
        status,
        status >= 500 || message.isEmpty()
            ? "the HTTP server could not do it"
            : "the HTTP server refused it: " + message);
  }
}
