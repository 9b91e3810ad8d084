package dev.circulate.websocket;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The beginning of a WebSocket, by hand: with any header, and any that is missing. */
final class Handshake {
  private Handshake() {}

  /**
   * Asks for a WebSocket at {@code /csp}.
   *
   * @param fields of the header, beside those that each request for one has
   * @return the header of the answer; what follows can be read from the socket
   */
  static String answer(Socket socket, String... fields) throws IOException {
    String request =
        """
        GET /csp HTTP/1.1
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Version: 13
        %s

        """
            .formatted(String.join("\n", fields))
            .replace("\n", "\r\n");
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    StringBuilder header = new StringBuilder();
    while (header.indexOf("\r\n\r\n") < 0) {
      header.append((char) socket.getInputStream().read());
    }
    return header.toString();
  }
}
