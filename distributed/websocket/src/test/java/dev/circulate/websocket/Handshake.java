package dev.circulate.websocket;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;

/** The beginning of a WebSocket, by hand: with any header, and any that is missing. */
final class Handshake {
  /** What each side of a handshake adds to the key that the client has drawn. */
  private static final String WELL_KNOWN = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

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

  /** What a client has drawn, of the request that comes from it. */
  static String key(Socket client) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    String key = "";
    for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
      if (line.startsWith("Sec-WebSocket-Key: ")) {
        key = line.substring(line.indexOf(' ') + 1);
      }
    }
    return key;
  }

  /** Has the client that has drawn this key speak WebSocket from now on. */
  static void accept(Socket client, String key) throws IOException, GeneralSecurityException {
    byte[] both = (key + WELL_KNOWN).getBytes(StandardCharsets.US_ASCII);
    String accept =
        Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(both));
    String answer =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + accept
            + "\r\n\r\n";
    client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
  }
}
