package dev.circulate.http;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Says as problem documents what the HTTP server itself refuses: a bad line, a long header. */
final class ServerErrors extends ErrorHandler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Object message = request.getAttribute(ERROR_MESSAGE);
    Problem problem =
        Problem.ofServer(response.getStatus(), message == null ? null : message.toString());
    new Exchange(request, response, callback).problem(problem);
    return true;
  }
}
