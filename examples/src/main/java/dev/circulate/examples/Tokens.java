package dev.circulate.examples;

import dev.circulate.WritePort;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Command;
import dev.circulate.service.Interceptor;
import dev.circulate.service.Origin;
import dev.circulate.service.Request;
import dev.circulate.service.Service;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A service that answers who has a token, and knows who that is; and callers that have one. */
public final class Tokens {
  private Tokens() {}

  public static void main(String[] args) throws InterruptedException {
    WritePort<Request> service =
        Service.builder(new Diary())
            .intercept(new Checking(Map.of("ada", "s3cret", "bob", "hunter2")))
            .open();
    try {
      Request.to(service, "read").done();
    } catch (CallException e) {
      IO.println(e.getMessage());
    }

    // a single call, a typed client, and anybody who is given the channel
    IO.println(Request.to(service, "read").meta("token", "ada:s3cret").as(String.class));
    Interceptor token = (request, next) -> next.proceed(request.withMeta("token", "bob:hunter2"));
    IO.println(Service.clientBuilder(service, Reader.class).intercept(token).open().read());
    IO.println(Request.to(Service.through(service, token), "read").as(String.class));
  }

  /** What it answers depends on who asks. */
  static final class Diary {
    @Command(doc = "What the caller has written.", readOnly = true)
    String read() {
      return "Dear diary, said " + Origin.current().identity();
    }
  }

  /** The same for who asks. */
  interface Reader {
    String read();
  }

  /**
   * Lets through who has a token; from there on it is known who that is.
   *
   * @param secrets the secret of each name; a token is the name, a colon and the secret
   */
  record Checking(Map<String, String> secrets) implements Interceptor {
    @Override
    public @Nullable Object intercept(Request request, Next next) throws Exception {
      String token = request.meta().get("token") instanceof String text ? text : "";
      int colon = token.indexOf(':');
      String name = token.substring(0, Math.max(0, colon));
      String secret = secrets.get(name);
      if (secret == null || !isSame(secret, token.substring(colon + 1))) {
        throw new CallException(
            new CallError.Unauthenticated("'" + request.command() + "' needs a token of yours"));
      }
      return next.proceed(request.identifiedAs(name));
    }

    /** In a time that does not tell how much of it was right. */
    private static boolean isSame(String secret, String given) {
      return MessageDigest.isEqual(
          secret.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
  }
}
